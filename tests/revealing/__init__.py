"""``reveal``: the possible values of expressions in each mode."""
