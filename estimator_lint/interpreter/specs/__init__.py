"""Specs: their construction, and the values of their fields."""
