"""The top level of a file, evaluated in isolation from all paths."""
