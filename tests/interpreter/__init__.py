"""Unit tests of evaluation: its results for snippets, compared with execution by Python."""
