"""What can be said of Pythons that are not here."""
