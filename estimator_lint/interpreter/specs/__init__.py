"""Specs: their construction, and what is in their fields."""
