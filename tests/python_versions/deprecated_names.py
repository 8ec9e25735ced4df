"""Names of Python's library that this Python deprecates and files use: ``python THIS FOLDER…``.

A later Python may remove what an earlier one deprecates. Prints ``file:line: what``, also for
deprecated syntax. Runs on its own, under any Python from 3.10 on.
"""

from __future__ import annotations

import ast
import importlib
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path


def deprecated(text: str, name: str) -> Iterator[str]:
    """The deprecated uses in a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            tree = ast.parse(text, name)
            compile(text, name, "exec", dont_inherit=True)
        except SyntaxError as error:
            yield f"{name}:{error.lineno}: {error.msg}"
            return
        imported = dict(_imports(tree))
        for module, attribute, line in _uses(tree, imported):
            reason = _complaint(module, attribute)
            if reason:
                yield f"{name}:{line}: {module}.{attribute}: {reason}"


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The names that are bound to modules of the library."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.split(".", 1)[0]
                if root in sys.stdlib_module_names:
                    yield alias.asname or root, alias.name if alias.asname else root


def _uses(tree: ast.Module, imported: dict[str, str]) -> Iterator[tuple[str, str, int]]:
    """The attributes of modules of the library that are looked up or imported."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in imported:
                yield imported[name], attribute, node.lineno
            case ast.ImportFrom(module=str(module), level=0, names=names):
                if module.split(".", 1)[0] in sys.stdlib_module_names and module != "__future__":
                    for alias in names:
                        yield module, alias.name, node.lineno


def _complaint(module: str, attribute: str) -> str:
    try:
        found = importlib.import_module(module)
    except ImportError:  # for another system, or of an optional part of Python
        return ""
    except Warning as warning:
        return str(warning)
    try:
        getattr(found, attribute)
    except Warning as warning:
        return str(warning)
    except AttributeError:  # a submodule, or a name for another system
        pass
    return ""


def main() -> int:
    """Print the deprecated uses in the files of folders; returns the exit status."""
    found = [
        complaint
        for folder in sys.argv[1:]
        for path in sorted(Path(folder).rglob("*.py"))
        for complaint in deprecated(path.read_text(encoding="utf-8"), str(path))
    ]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
