"""Codes and names of rules as a user writes them."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from flake8.defaults import VALID_CODE_PREFIX

from estimator_lint.code_pages import codes

PREFIX = "MFN"


class UnknownCodeError(Exception):
    """A word is not a code; the text suggests what might be meant."""


def codes_meant(words: Iterable[str]) -> list[str]:
    """Codes and prefixes of codes for what a user wrote: codes, prefixes, or names of rules.

    Codes of other linters are left as they are: lists are shared with flake8.

    Raises:
        UnknownCodeError: a word is neither a code nor the name of a rule.
    """
    return [code for word in words for code in _codes_meant(word)]


def _codes_meant(word: str) -> tuple[str, ...]:
    code = word.upper()
    if PREFIX.startswith(code):
        return (code,)
    if code.startswith(PREFIX):
        if any(known.startswith(code) for known in codes()):
            return (code,)
        raise _unknown_code(word)
    if VALID_CODE_PREFIX.match(word):
        return (word,)
    if word.lower() in codes_by_rule():
        return codes_by_rule()[word.lower()]
    raise UnknownCodeError(f"unknown code or rule {word!r}{did_you_mean(word, codes_by_rule())}")


def code_named(word: str) -> str:
    """The single code that a word denotes, as a code or as the name of a rule.

    Raises:
        UnknownCodeError: it denotes none.
    """
    if word.upper() in codes():
        return word.upper()
    if word.lower() in codes_by_rule():
        return codes_by_rule()[word.lower()][0]
    if word.upper().startswith(PREFIX):
        raise _unknown_code(word)
    raise UnknownCodeError(f"unknown code or rule {word!r}{did_you_mean(word, codes_by_rule())}")


def _unknown_code(word: str) -> UnknownCodeError:
    return UnknownCodeError(f"unknown code {word!r} (estimator-lint explain lists them)")


@functools.cache
def codes_by_rule() -> dict[str, tuple[str, ...]]:
    """The codes of each rule by its name, the definite one first."""
    from estimator_lint.rules import RULES  # slow to import, rarely needed

    return {rule.name: rule.codes for rule in RULES}


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question about the names that are close to ``word``, or nothing."""
    import difflib  # slow to import, rarely needed

    near = difflib.get_close_matches(word.lower(), list(known), n=2)
    return f"; did you mean {' or '.join(map(repr, near))}?" if near else ""


def concerns_us(words: Iterable[str]) -> bool:
    """Whether some of the codes, or prefixes of codes, are this linter's."""
    return any(word.startswith(PREFIX) or PREFIX.startswith(word) for word in words)
