"""What evaluation recorded, without words for people."""
