"""Comparing the linter with plain Python that executes the same source.

``truth`` executes a model function with a ``stand_in`` for TensorFlow and derives the correct
findings; ``comparison`` compares the linter's findings with them. ``permutations`` and ``programs``
write model functions, ``fuzz`` runs many of them, and ``mutation`` damages accepted functions.
"""
