"""The machinery of ``dev.py``'s tasks. Like ``dev.py``, it runs on Python 3.6 and later."""
