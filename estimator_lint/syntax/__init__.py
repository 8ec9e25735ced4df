"""What a piece of code binds, reads and calls, told without evaluating it."""
