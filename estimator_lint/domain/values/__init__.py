"""What a value is, what is in it, and where it comes from."""
