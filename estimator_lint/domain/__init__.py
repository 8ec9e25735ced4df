"""What evaluation knows: values, paths, and how paths are distinguished and joined."""
