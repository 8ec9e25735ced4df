"""``reveal``: what expressions can be in each mode."""
