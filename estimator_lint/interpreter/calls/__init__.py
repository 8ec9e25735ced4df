"""Results of calls: of functions and classes of the file, of builtins, of libraries."""
