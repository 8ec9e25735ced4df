"""Conditions: how they split paths, and what they show about the mode and None."""
