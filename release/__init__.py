"""The checks and files of a release: ``dev.py release``."""
