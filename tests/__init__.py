"""Tests of estimator_lint."""
