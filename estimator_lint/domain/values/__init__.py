"""Values: their kinds, their parts, and where they come from."""
