"""What is at the top level of a file, evaluated apart from all paths."""
