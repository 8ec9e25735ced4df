"""The page of each code, as the documentation, ``explain`` and editors show it.

A page consists of what the registry knows (code, name, summary), the text about the code, and
its examples with the findings that this linter has for them.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

from estimator_lint.code_pages import examples, text_file, texts
from estimator_lint.linting import lint_text
from estimator_lint.rules import RULES, Rule
from estimator_lint.settings import Settings

#: No example stays one that the linter fails to analyse, and TensorFlow, which judges the
#: examples, does not judge comments.
WITHOUT_EXAMPLE: Final = frozenset({"MFN000", "MFN002"})

_FIX_SAFETY: Final = "## Fix safety"
NO_FIX: Final = "There is no automatic fix."

_EXPECTATION: Final = re.compile(r" +# (?=MFN\d{3})")
_EXPECTED_COLUMN: Final = re.compile(r" col \d+")
_FOR_THE_TESTS_ONLY: Final = re.compile(r" +# (unaddressed|undecided): .*")
_VERSION: Final = re.compile(r"^# estimator-tf-version: (\S+)$", re.MULTILINE)
_LINK_TO_PAGE: Final = re.compile(r"\[([^]]*)\]\([^):]*\.md(#[^)]*)?\)")


@dataclass(frozen=True)
class Page:
    """One code of a rule, as a page of its own."""

    rule: Rule
    code: str

    @property
    def is_possible(self) -> bool:
        """Whether the code means "on some paths, not all"."""
        return self.code == self.rule.possible_code

    @property
    def title(self) -> str:
        """The heading of the page."""
        return f"{self.code}: {self.rule.name}"

    def markdown(self) -> str:
        """The whole page."""
        parts = [
            f"# {self.title}",
            self.rule.summary,
            *self._certainty(),
            self._text(),
        ]
        if self.code not in WITHOUT_EXAMPLE:
            parts += self._examples()
        return "\n\n".join(parts) + "\n"

    def _text(self) -> str:
        text = text_file(self.code).read_text(encoding="utf-8").strip()
        if _FIX_SAFETY in text:
            return text
        return text.replace("\n## When to", f"\n{_FIX_SAFETY}\n\n{NO_FIX}\n\n## When to")

    def _certainty(self) -> list[str]:
        other = self.rule.code if self.is_possible else self.rule.possible_code
        if other is None:
            return []
        name = "possible" if self.is_possible else "definite"
        text = (texts() / f"{name}.md").read_text(encoding="utf-8").strip()
        return [text.replace("OTHER_CODE", f"[{other}]({other}.md)")]

    def _examples(self) -> list[str]:
        bad = _example(self.code, "bad")
        output = "\n".join(
            f"bad.py:{finding.line}:{finding.column + 1}: {finding.message}"
            for finding in lint_text(bad, "bad.py", _settings_of(bad))
        )
        return [
            "## Example",
            f"```python\n{bad}```",
            f"```text\n{output}\n```",
            "Fixed:",
            f"```python\n{_example(self.code, 'good')}```",
        ]


@functools.cache
def pages() -> dict[str, Page]:
    """The page of each code, in the order of the codes."""
    found = [Page(rule, code) for rule in RULES for code in rule.codes]
    return {page.code: page for page in sorted(found, key=lambda page: page.code)}


@functools.cache
def page_of(code: str) -> str:
    """The page of ``code`` in Markdown, without links to other pages: they lead nowhere here."""
    return _LINK_TO_PAGE.sub(r"\1", pages()[code].markdown())


def _settings_of(text: str) -> Settings:
    """The settings to lint an example with."""
    version = _VERSION.search(text)
    return Settings(
        tensorflow_version=version[1] if version else None,
        hints="# estimator-hints: true\n" in text,
    )


def _example(code: str, name: str) -> str:
    """The example ``name`` of ``code``, without what only the tests ask of it."""
    lines = (examples() / code / f"{name}.py").read_text(encoding="utf-8").splitlines()
    return "".join(_for_readers(line) + "\n" for line in lines)


def _for_readers(line: str) -> str:
    line = _FOR_THE_TESTS_ONLY.sub("", line)
    expectation = _EXPECTATION.search(line)
    if expectation is None:
        return line
    start = expectation.start()
    return line[:start] + _EXPECTED_COLUMN.sub("", line[start:])
