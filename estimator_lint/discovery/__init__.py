"""Which functions are model functions, and what a file gives to Estimators."""
