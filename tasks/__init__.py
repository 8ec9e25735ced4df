"""What the tasks of ``dev.py`` are run with.  It runs on Python 3.6 and later, as that does."""
