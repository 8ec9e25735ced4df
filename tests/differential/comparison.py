"""Comparing the linter's findings with the truth."""

from __future__ import annotations

import ast
import builtins
import contextlib
import symtable
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from unittest import mock

from estimator_lint import linting
from estimator_lint.discovery.definitions import Definitions
from estimator_lint.discovery.model_functions import ModelFunction, model_functions_of
from estimator_lint.domain import bounds
from estimator_lint.interpreter.language import exceptions, managers
from estimator_lint.linting import lint_text
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.modes import Mode
from tests.differential.truth import NAMES, Truth, Verdict, truth
from tests.differential.unjudgeable import Unjudgeable

#: The codes that execution can determine; the linter's other codes are ignored.
JUDGED = frozenset(
    f"MFN{number}"
    for number in (
        *("000", 101, 102, 103, 104, 111, 112, 113, 114),
        *(201, 202, 203, 204, 205, 207, 211, 212, 213, 215, 217),
        *(302, 304, 305, 306, 307, 308, 309, 312, 314, 315, 316, 317, 318),
        *(601, 611),
    )
)


@dataclass(frozen=True)
class Disagreement:
    """The correct findings for a source, and the linter's."""

    source: str
    expected: frozenset[Verdict]
    found: frozenset[Verdict]

    def __str__(self) -> str:
        lines = [f"{number:3} {line}" for number, line in enumerate(self.source.splitlines(), 1)]
        lines += [f"  expected, not found: {verdict}" for verdict in self.missed]
        lines += [f"  found, not expected: {verdict}" for verdict in self.unexpected]
        return "\n".join(lines)

    @property
    def missed(self) -> list[Verdict]:
        """The correct findings that the linter missed."""
        return sorted(self.expected - self.found)

    @property
    def unexpected(self) -> list[Verdict]:
        """The linter's findings that are not correct."""
        return sorted(self.found - self.expected)

    @property
    def is_too_little(self) -> bool:
        """Whether all findings are correct, at least as definite ones."""
        return set(self.unexpected) <= {_possible(verdict) for verdict in self.missed}

    @property
    def signature(self) -> str:
        """The topic of the disagreement, for grouping."""
        return " ".join(
            [f"-{verdict.code}" for verdict in self.missed]
            + [f"+{verdict.code}" for verdict in self.unexpected]
        )


def linted(source: str, modes: Collection[str] = ()) -> frozenset[Verdict]:
    """The linter's findings with codes that execution can determine; it has to check ``modes``."""
    settings = Settings(require_modes=frozenset(map(Mode, modes)))
    return frozenset(
        Verdict(
            finding.line, finding.column, finding.code, tuple(mode.name for mode in finding.modes)
        )
        for finding in lint_text(source, settings=settings)
        if finding.code in JUDGED
    )


def linted_function(source: str, line: int) -> frozenset[Verdict]:
    """The same for only the model function whose ``def`` is on a line."""

    def the_one(definitions: Definitions, settings: Settings) -> list[ModelFunction]:
        functions = model_functions_of(definitions, settings)
        return [function for function in functions if function.node.lineno == line]

    with mock.patch.object(linting, "model_functions_of", the_one):
        return linted(source)


def disagreement(source: str) -> Disagreement | None:
    """The difference between linter and truth on a source; None if they agree.

    Raises:
        Unjudgeable: executing the source does not tell, or not without making up what a
            tensor answers; or the linter misses, or finds as possible only, what it finds
            where it may follow more paths and calls than the documentation says.
    """
    difference = _difference(source)
    if difference is not None and difference.is_too_little:
        with _more_paths_and_calls():
            if _difference(source) is None:
                raise Unjudgeable(PAST_BOUNDS)
    return difference


PAST_BOUNDS = "more paths or calls than are followed"

#: For bounds that may reach into the millions: a very high one.
_MANY, _COUNTLESS = 300, 10_000_000


@contextlib.contextmanager
def _more_paths_and_calls() -> Iterator[None]:
    """Within, the documented bounds are too high to be reached."""
    with (
        mock.patch.multiple(
            bounds,
            MAX_PATHS=_MANY,
            FEW_PATHS=_MANY,
            MAX_COMPARED=_MANY,
            MAX_STEPS_IN_CALLS=_COUNTLESS,
            MAX_STEPS_IN_CALL=_COUNTLESS,
        ),
    ):
        yield


def _difference(source: str) -> Disagreement | None:
    judged, found = truth(source), linted(source)
    if judged.made_up:
        raise Unjudgeable("what a tensor is told of itself")
    if judged.verdicts(judged.addressed) == found:
        return None
    found = _by_mode(found)
    addressed = _addressed(judged, found)
    expected = _by_mode(_right(judged, addressed, found))
    if expected == found or not _handles_exceptions(source):
        return None if expected == found else Disagreement(source, expected, found)
    with (
        mock.patch.multiple(exceptions, may_surprise=_never),
        mock.patch.multiple(managers, may_surprise=_never),
    ):
        # The only test of a mode may be in a handler that is not entered then.
        sure = _by_mode(linted(source, addressed))
    weakened = {verdict for verdict in expected - found if _possible(verdict) in found}
    # A call and a `_replace` of its result begin at the same place.
    strengthened = found - ({_possible(verdict) for verdict in weakened} - expected) | weakened
    # Then the modes may also have different sites.
    surely = _by_mode(_right(judged, addressed | _addressed(judged, sure), sure))
    if sure != surely:
        return Disagreement(source, surely, sure)
    return None if strengthened == expected else Disagreement(source, expected, found)


def _never(*arguments: object) -> bool:
    return False


def right(judged: Truth, found: frozenset[Verdict]) -> frozenset[Verdict]:
    """The correct findings, given those found, which may show more about the addressed modes."""
    return _right(judged, _addressed(judged, found), found)


def _right(judged: Truth, addressed: set[str], found: frozenset[Verdict]) -> frozenset[Verdict]:
    """The same if these modes are addressed: ``found`` only shows which are rejected."""
    refused = {mode for mode in judged.perhaps_refused if not _speaks_of(found, NAMES[mode])}
    return frozenset(
        verdict
        for verdict in judged.verdicts(addressed - refused)
        if verdict.code not in _OF_LABELS
        or not judged.may_get_labels
        or found & {verdict, _possible(verdict)}
    )


#: Not reported if PREDICT may run on a TPU; a spec for that may be in a handler.
_OF_LABELS = frozenset({"MFN601", "MFN611"})


def _addressed(judged: Truth, found: frozenset[Verdict]) -> set[str]:
    perhaps = {mode for mode in judged.perhaps_addressed if _speaks_of(found, NAMES[mode])}
    return judged.addressed | perhaps


def _speaks_of(found: frozenset[Verdict], mode: str) -> bool:
    return any(mode in verdict.modes for verdict in found)


def _by_mode(verdicts: frozenset[Verdict]) -> frozenset[Verdict]:
    """The same with one verdict for each mode."""
    return frozenset(
        replace(verdict, modes=(mode,)) for verdict in verdicts for mode in verdict.modes or ("",)
    )


def _possible(verdict: Verdict) -> Verdict:
    return replace(verdict, code=f"{verdict.code[:4]}1{verdict.code[5:]}")


def _handles_exceptions(source: str) -> bool:
    """Whether some ``try`` has a handler, or ``contextlib.suppress`` is one.

    The linter assumes that a ``try`` body may raise, so definite findings may be reported as
    possible only; apart from that, it must report what an execution shows.
    """
    return any(
        isinstance(node, ast.ExceptHandler)
        or (isinstance(node, ast.Attribute) and node.attr == "suppress")
        for node in ast.walk(ast.parse(source))
    )


def same_disagreement(source: str, signature: str) -> bool:
    """Whether a source shows a disagreement about the same codes, and reads no undefined name.

    The exception of such a read might be caught, which changes the program's meaning.
    """
    try:
        difference = None if _names_from_nowhere(source) else disagreement(source)
    except (Unjudgeable, SyntaxError, RecursionError):
        return False
    return difference is not None and difference.signature == signature


def _names_from_nowhere(source: str) -> set[str]:
    """The global names that functions of ``source`` read but nothing binds."""
    module = symtable.symtable(source, "<program>", "exec")
    bound = {symbol.get_name() for symbol in module.get_symbols() if symbol.is_assigned()}
    bound |= {symbol.get_name() for symbol in module.get_symbols() if symbol.is_imported()}
    return _globals_read(module) - bound - set(dir(builtins))


def _globals_read(table: symtable.SymbolTable) -> set[str]:
    read = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
    return read.union(*map(_globals_read, table.get_children()))
