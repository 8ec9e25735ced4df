"""Names of Python's library that files use and that this Python warns of: ``python THIS FOLDER…``.

What a Python warns of, a later one may not have.  Prints ``file:line: what``; a syntax that is
warned of counts, too.  Runs on its own, under any Python from 3.10 on.
"""

from __future__ import annotations

import ast
import importlib
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path


def deprecated(text: str, name: str) -> Iterator[str]:
    """What a file uses that this Python warns of."""
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
    """The names that stand for modules of the library."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.split(".", 1)[0]
                if root in sys.stdlib_module_names:
                    yield alias.asname or root, alias.name if alias.asname else root


def _uses(tree: ast.Module, imported: dict[str, str]) -> Iterator[tuple[str, str, int]]:
    """What is looked up in modules of the library, or imported from them."""
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
    except ImportError:  # of another system, or of an optional part of Python
        return ""
    except Warning as warning:
        return str(warning)
    try:
        getattr(found, attribute)
    except Warning as warning:
        return str(warning)
    except AttributeError:  # a module of a package, or what another system has
        pass
    return ""


def main() -> int:
    """Print what is found in the files of folders; the exit status."""
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
