"""The program estimator-lint."""
