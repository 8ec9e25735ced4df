"""Tests: how they split paths, and what they tell of the mode and of None."""
