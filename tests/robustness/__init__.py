"""Any input: the linter on Python code that was not written for it."""
