"""What a name, an attribute or an item refers to."""
