"""Which settings hold for which file, from the command line and the project's files."""
