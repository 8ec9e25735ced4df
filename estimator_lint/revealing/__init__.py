"""``reveal``: the possible values of an expression in each mode."""
