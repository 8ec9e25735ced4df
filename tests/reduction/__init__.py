"""Small examples of findings."""
