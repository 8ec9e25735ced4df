"""Unit tests of what stands around evaluation."""
