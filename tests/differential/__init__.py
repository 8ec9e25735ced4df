"""The linter held against plain Python that executes the same source.

``truth`` executes a model function against a ``stand_in`` for TensorFlow and
derives the findings that are right; ``comparison`` holds the linter's against
them.  ``permutations`` and ``programs`` write the model functions, ``fuzz``
runs many of them, and ``mutation`` damages functions that are accepted.
"""
