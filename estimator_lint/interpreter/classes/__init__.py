"""What stands at the top level of a file, evaluated apart from all paths."""
