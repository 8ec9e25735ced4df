"""What a release has to pass, and its files: ``dev.py release``."""
