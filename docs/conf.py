"""Settings of Sphinx."""

from importlib.metadata import version as installed_version

project = "estimator-lint"
author = "the estimator-lint authors"
copyright = f"2026, {author}"
version = release = installed_version("estimator-lint")

extensions = ["myst_parser"]
exclude_patterns = ["_build", "code_texts"]
nitpicky = True

# Links to a section of a page, as in how-it-works/limits.md#limits.
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"estimator-lint {release}"
