"""A linter for TensorFlow Estimator model functions."""

__version__ = "0.1.0"
