"""Settings of the whole process that analysis changes, and gives back as they were.

Threads may lint at the same time.  A setting is changed when the first of them needs it
and changed back when the last is done.
"""

from __future__ import annotations

import contextlib
import gc
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

#: Levels of ``ast`` nesting past which a statement is not analysed.  A level
#: costs a few interpreter frames, and before 3.11 a frame costs native stack, of
#: which Windows gives least.
MAX_DEPTH: Final = 450 if sys.version_info >= (3, 11) or sys.platform != "win32" else 250

#: Links of a chain of ``elif`` or of operators past which a statement is not analysed.  For each
#: libcst recurses in native code, with about a kilobyte of stack, of which Windows gives one
#: megabyte; and its time for a sum grows with the square of the length.
MAX_LINKS: Final = 1_500 if sys.platform != "win32" else 500

_FRAMES_PER_LEVEL: Final = 16
_RECURSION_LIMIT: Final = 1000 + MAX_DEPTH * _FRAMES_PER_LEVEL

_Undo = Callable[[], None]
_T = TypeVar("_T")


class _SharedSetting:
    """A setting that is changed as long as some thread needs it.

    Args:
        change: changes it, and gives what changes it back.
    """

    def __init__(self, change: Callable[[], _Undo]) -> None:
        self._change = change
        self._lock = threading.Lock()
        self._users = 0
        self._undo: _Undo = lambda: None

    @contextlib.contextmanager
    def changed(self) -> Iterator[None]:
        with self._lock:
            if not self._users:
                self._undo = self._change()
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    self._undo()


def _raise_recursion_limit() -> _Undo:
    before = sys.getrecursionlimit()
    raised = max(before, _RECURSION_LIMIT)
    sys.setrecursionlimit(raised)

    def undo() -> None:
        if sys.getrecursionlimit() == raised:  # no other code has set it since
            sys.setrecursionlimit(before)

    return undo


def _stop_collector() -> _Undo:
    was_enabled = gc.isenabled()
    gc.disable()
    return gc.enable if was_enabled else lambda: None


def _silence_warnings() -> _Undo:
    catcher = warnings.catch_warnings()
    catcher.__enter__()
    warnings.simplefilter("ignore")
    return lambda: catcher.__exit__(None, None, None)


_recursion = _SharedSetting(_raise_recursion_limit)
_collector = _SharedSetting(_stop_collector)
_warnings = _SharedSetting(_silence_warnings)
_parser = threading.RLock()

#: How often a text is parsed again that other threads have disturbed; they seldom do.
_MORE_ATTEMPTS: Final = 4


def room_for_recursion() -> contextlib.AbstractContextManager[None]:
    """Within, recursion may go ``MAX_DEPTH`` levels of syntax deep."""
    return _recursion.changed()


def collector_at_rest() -> contextlib.AbstractContextManager[None]:
    """Within, Python looks for no garbage in circles.

    A syntax tree is one large live structure: to go through it again and again
    costs a third of the time on large files, and more the larger they are.
    """
    return _collector.changed()


def no_warnings() -> contextlib.AbstractContextManager[None]:
    """Within, Python's warnings about parsed text are not shown."""
    return _warnings.changed()


def parsed(parse: Callable[[], _T]) -> _T:
    """What ``parse`` returns, which has ``ast`` make a tree: without a word, one thread at a time.

    CPython 3.11 and 3.12 count the nesting of all trees that are made at a time together,
    and raise a SystemError when threads take turns in that. Threads of the program that uses this
    one are beyond the lock: after their turns, ``parse`` is called again.
    """
    with no_warnings(), _parser:
        for _ in range(_MORE_ATTEMPTS):
            with contextlib.suppress(SystemError):
                return parse()
        return parse()


def raise_interrupt(error: BaseException) -> None:
    """Raise the interrupt by the user that an error stands for, if it does.

    Python before 3.12 makes a RuntimeError of an interrupt in ``__set_name__``: while a module with
    an Enum is imported, say.

    Raises:
        KeyboardInterrupt: that interrupt.
    """
    cause = error.__cause__
    while cause is not None:
        if isinstance(cause, KeyboardInterrupt):
            raise cause
        cause = cause.__cause__
