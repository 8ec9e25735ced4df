"""Any input: the linter against Python that nobody wrote for it."""
