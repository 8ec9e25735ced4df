"""Write what the documentation says about codes from the registry of rules.

A page consists of what the registry knows (code, name, summary), the text
about it in ``docs/code_texts/`` and the tested fixtures ``bad.py`` and
``good.py`` of the code, with the findings that the linter has for them.  The
table of codes is on ``docs/codes/index.md``; the README has one of the families.

Run it after a change to any of these; the tests fail where a page is stale.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from estimator_lint.linting import lint_text
from estimator_lint.rules import RULES, Rule
from estimator_lint.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "codes"
#: The same pages, where ``estimator-lint explain`` has them.
SHIPPED_PAGES = ROOT / "estimator_lint" / "code_pages"
TEXTS = ROOT / "docs" / "code_texts"
FIXTURES = ROOT / "tests" / "fixtures"
README = ROOT / "README.md"

#: Nobody can write a function on purpose that the linter fails to analyse for good, and
#: TensorFlow, which judges the examples, has no say about comments.
WITHOUT_EXAMPLE = frozenset({"MFN000", "MFN002"})

EXPECTATION = re.compile(r" +# (?=MFN\d{3})")
EXPECTED_COLUMN = re.compile(r" col \d+")
FOR_THE_TESTS_ONLY = re.compile(r" +# (unaddressed|undecided): .*")
VERSION = re.compile(r"^# estimator-tf-version: (\S+)$", re.MULTILINE)
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


@dataclass(frozen=True)
class Page:
    """One code of a rule, as a page of its own."""

    rule: Rule
    code: str

    @property
    def is_possible(self) -> bool:
        """Whether the code stands for "on some paths, not all"."""
        return self.code == self.rule.possible_code

    @property
    def title(self) -> str:
        """The heading of the page."""
        return f"{self.code}: {self.rule.name}"

    def markdown(self) -> str:
        """The whole page."""
        parts = [
            "<!-- Written by docs/generate_code_pages.py: change its sources, not this file. -->",
            f"# {self.title}",
            self.rule.summary,
            *self._certainty(),
            (TEXTS / f"{self.rule.code}.md").read_text(encoding="utf-8").strip(),
        ]
        if self.code not in WITHOUT_EXAMPLE:
            parts += self._examples()
        return "\n\n".join(parts) + "\n"

    def _certainty(self) -> list[str]:
        other = self.rule.code if self.is_possible else self.rule.possible_code
        if other is None:
            return []
        name = "possible" if self.is_possible else "definite"
        text = (TEXTS / f"{name}.md").read_text(encoding="utf-8").strip()
        return [text.replace("OTHER_CODE", f"[{other}]({other}.md)")]

    def _examples(self) -> list[str]:
        bad = example(self.code, "bad")
        output = "\n".join(
            f"bad.py:{finding.line}:{finding.column + 1}: {finding.message}"
            for finding in lint_text(bad, "bad.py", settings_of(bad))
        )
        return [
            "## Example",
            f"```python\n{bad}```",
            f"```text\n{output}\n```",
            "Repaired:",
            f"```python\n{example(self.code, 'good')}```",
        ]


def settings_of(text: str) -> Settings:
    """What a fixture is to be linted with."""
    version = VERSION.search(text)
    return Settings(
        tensorflow_version=version[1] if version else None,
        hints="# estimator-hints: true\n" in text,
    )


def example(code: str, name: str) -> str:
    """The fixture ``name`` of ``code``, in a form for readers."""
    lines = (FIXTURES / code / f"{name}.py").read_text(encoding="utf-8").splitlines()
    return "".join(for_readers(line) + "\n" for line in lines)


def for_readers(line: str) -> str:
    """``line`` with an expected finding, if it has one, in a form for readers."""
    line = FOR_THE_TESTS_ONLY.sub("", line)
    expectation = EXPECTATION.search(line)
    if expectation is None:
        return line
    start = expectation.start()
    return line[:start] + EXPECTED_COLUMN.sub("", line[start:])


def code_pages() -> list[Page]:
    """A page for each code of each rule, in the order of the codes."""
    pages = [Page(rule, code) for rule in RULES for code in rule.codes]
    return sorted(pages, key=lambda page: page.code)


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
            rows.append(f"| [{shown}](docs/codes/index.md) | {about} |")
    return "\n".join(rows) + "\n"


def index() -> str:
    """The page that lists all codes."""
    introduction = (TEXTS / "index.md").read_text(encoding="utf-8").strip()
    entries = "\n".join(page.code for page in code_pages())
    toctree = "```{toctree}\n:hidden:\n\n" + entries + "\n```"
    return "\n\n".join([introduction, table().strip(), toctree]) + "\n"


def generated_files() -> dict[Path, str]:
    """The content of every generated file."""
    files = {}
    for page in code_pages():
        for folder in (PAGES, SHIPPED_PAGES):
            files[folder / f"{page.code}.md"] = page.markdown()
    files[PAGES / "index.md"] = index()
    readme = README.read_text(encoding="utf-8")
    files[README] = README_TABLE.sub(lambda _: families(), readme)
    return files


def stale_files() -> list[Path]:
    """Files that differ from what would be generated, or that no code asks for."""
    files = generated_files()
    left_over = [
        path
        for folder in (PAGES, SHIPPED_PAGES)
        for path in folder.glob("*.md")
        if path not in files
    ]
    differing = [
        path
        for path, content in files.items()
        if not path.exists() or path.read_text(encoding="utf-8") != content
    ]
    return sorted(left_over + differing)


def main() -> int:
    """Bring every stale file up to date."""
    files = generated_files()
    PAGES.mkdir(exist_ok=True)
    for path in stale_files():
        if path in files:
            path.write_text(files[path], encoding="utf-8", newline="\n")
        else:
            path.unlink()
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
