"""Methods of Python's containers and files, by their names.

Sources: the documentation of Python's built-in types, ``collections`` and ``io``.
"""

from __future__ import annotations

from typing import Final

#: Those that change what the object answers later.
CHANGING_METHODS_OF_CONTAINERS: Final = frozenset(
    "add append appendleft clear difference_update discard extend extendleft insert"
    " intersection_update move_to_end pop popitem popleft read readline readlines remove reverse"
    " rotate seek setdefault sort subtract symmetric_difference_update truncate update write"
    " writelines".split()
)
#: Those that change the entry that their first argument names; of a list, all that follow, too.
METHODS_OF_ENTRIES: Final = frozenset({"pop", "setdefault"})
#: Those after which it is not empty.
FILLING_METHODS_OF_CONTAINERS: Final = frozenset({"add", "append", "appendleft", "insert"})
#: Those that may remove something.
REMOVING_METHODS_OF_CONTAINERS: Final = frozenset(
    "clear difference_update discard intersection_update pop popitem popleft remove"
    " symmetric_difference_update".split()
)
