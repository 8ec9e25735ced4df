"""Checks for Pythons that are not installed here."""
