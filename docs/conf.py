"""Settings of Sphinx."""

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

# The pages of the codes are not committed; the script that writes them is in this folder.
sys.path.insert(0, str(Path(__file__).parent))
from generate_code_pages import write_pages

write_pages()

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
html_static_path = ["assets"]
html_css_files = ["pictures.css"]
# The theme's own choice underlines the names of imported modules, like links.
pygments_dark_style = "github-dark"
