"""What evaluation knows: values, paths, and how paths are told apart and joined."""
