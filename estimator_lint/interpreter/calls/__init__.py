"""What a call comes to: of functions and classes of the file, of builtins, of libraries."""
