"""Resolving the names that a file imports from its own project.

Nothing here imports or runs what it reads, and nothing outside of the project is read.
"""
