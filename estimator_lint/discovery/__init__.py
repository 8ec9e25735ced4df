"""Which functions are model functions, and which functions a file gives to Estimators."""
