"""Unit tests of evaluation: what it says of a snippet, held against Python executing it."""
