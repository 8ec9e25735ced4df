"""What a name, an attribute or an item stands for."""
