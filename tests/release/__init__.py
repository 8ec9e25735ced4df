"""What a release has to pass."""
