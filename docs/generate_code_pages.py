"""Write the pages of the codes, their index, and the table of their families in the README.

The pages go to ``docs/codes/``, which is not committed: ``dev.py docs`` writes them, and so does
Sphinx itself (``conf.py``).  ``estimator_lint/documented_codes.py`` says what is on a page.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from estimator_lint.code_pages import texts
from estimator_lint.documented_codes import pages
from estimator_lint.rules import RULES

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "codes"
README = ROOT / "README.md"

#: By the first digit of a code.
FAMILIES = {
    "0": "The linter itself: a function it could not analyse, a `# noqa` that silences nothing",
    "1": "Fields that a mode requires: `loss`, `train_op`, `predictions`",
    "2": "What a mode returns, reads unbound, compares `mode` with, or calls with wrong arguments",
    "3": "Values of fields that TensorFlow does not accept",
    "4": "Arguments of the model function and `params`",
    "5": "Training steps: global step, batch normalization, dropout, optimizers",
    "6": "Tensors and `labels` used where they are None, or as Python values",
    "7": "Specs for TPUs",
    "8": "Hints, off until you select them",
    "9": "Names that your version of TensorFlow does not have",
}
README_TABLE = re.compile(r"(?<=<!-- codes -->\n).*(?=<!-- /codes -->)", re.DOTALL)


def table() -> str:
    """The table of codes."""
    rows = ["| code | name | summary |", "| --- | --- | --- |"]
    for rule in sorted(RULES, key=lambda rule: rule.code):
        codes = ", ".join(f"[{code}]({code}.md)" for code in rule.codes)
        rows.append(f"| {codes} | {rule.name} | {rule.summary} |")
    return "\n".join(rows) + "\n"


def families() -> str:
    """The table of the families of codes, for the README."""
    rows = ["| codes | what they are about |", "| --- | --- |"]
    for digit, about in FAMILIES.items():
        codes = sorted(code for rule in RULES for code in rule.codes if code[3] == digit)
        if codes:
            first, last = codes[0], codes[-1]
            shown = first if first == last else f"{first} to {last}"
            rows.append(f"| {shown} | {about} |")
    return "\n".join(rows) + "\n"


def index() -> str:
    """The page that lists all codes."""
    introduction = (texts() / "index.md").read_text(encoding="utf-8").strip()
    toctree = "```{toctree}\n:hidden:\n\n" + "\n".join(pages()) + "\n```"
    return "\n\n".join([introduction, table().strip(), toctree]) + "\n"


def readme() -> str:
    """The README with the table of the families as it should be."""
    return README_TABLE.sub(lambda _: families(), README.read_text(encoding="utf-8"))


def write_pages() -> None:
    """Bring the pages up to date; those of codes that are gone are removed."""
    PAGES.mkdir(exist_ok=True)
    wanted = {PAGES / f"{code}.md": page.markdown() for code, page in pages().items()}
    wanted[PAGES / "index.md"] = index()
    for path in set(PAGES.glob("*.md")) - set(wanted):
        path.unlink()
    for path, content in wanted.items():
        _write(path, content)


def _write(path: Path, content: str) -> None:
    """Write a file, unless it is so already: what is written, Sphinx renders anew."""
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        path.write_text(content, encoding="utf-8", newline="\n")
        print(f"wrote {path.relative_to(ROOT)}")


def main() -> int:
    """Bring everything up to date."""
    write_pages()
    _write(README, readme())
    return 0


if __name__ == "__main__":
    sys.exit(main())
