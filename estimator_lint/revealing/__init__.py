"""What an expression can be in each mode."""
