"""Write down which public names each version of TensorFlow exports.

    python -m tests.facts.exports [--cache DIRECTORY]
    python -m tests.facts.exports --check PYTHON

Downloads the wheels of TensorFlow, Keras and the Estimator with pip, for each
version in turn, and reads the packages that TensorFlow's build generates from its
export decorators: what their ``__init__.py`` import is what the version exports.
Nothing of the wheels is imported, so one Python will do for all versions.  A wheel
is deleted when it has been read; with ``--cache`` the names found stay in that
directory, and a version found there is not downloaded again.

``--check`` imports TensorFlow in another interpreter and compares the names found
there with the table's for that version.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from estimator_lint.tensorflow_api.exports import TABLE, exports

#: The last release of each minor version, with a Python that it has wheels for.
RELEASES = {
    "1.15": ("tensorflow-cpu==1.15.0", "3.7"),
    "2.0": ("tensorflow==2.0.4", "3.7"),
    "2.1": ("tensorflow-cpu==2.1.4", "3.7"),
    "2.2": ("tensorflow-cpu==2.2.3", "3.8"),
    "2.3": ("tensorflow-cpu==2.3.4", "3.8"),
    "2.4": ("tensorflow-cpu==2.4.4", "3.8"),
    "2.5": ("tensorflow-cpu==2.5.3", "3.8"),
    "2.6": ("tensorflow-cpu==2.6.5", "3.8"),
    "2.7": ("tensorflow-cpu==2.7.4", "3.8"),
    "2.8": ("tensorflow-cpu==2.8.4", "3.9"),
    "2.9": ("tensorflow-cpu==2.9.3", "3.9"),
    "2.10": ("tensorflow-cpu==2.10.1", "3.9"),
    "2.11": ("tensorflow-cpu==2.11.1", "3.9"),
    "2.12": ("tensorflow-cpu==2.12.1", "3.11"),
    "2.13": ("tensorflow-cpu==2.13.1", "3.11"),
    "2.14": ("tensorflow-cpu==2.14.1", "3.11"),
    "2.15": ("tensorflow-cpu==2.15.1", "3.11"),
    "2.16": ("tensorflow-cpu==2.16.2", "3.11"),
    "2.17": ("tensorflow-cpu==2.17.1", "3.11"),
    "2.18": ("tensorflow-cpu==2.18.1", "3.11"),
    "2.19": ("tensorflow-cpu==2.19.1", "3.11"),
    "2.20": ("tensorflow-cpu==2.20.0", "3.11"),
    "2.21": ("tensorflow-cpu==2.21.0", "3.11"),
}

#: Where Keras's generated packages for TensorFlow are, in its own wheel or in
#: TensorFlow's, for the names of 2.x and for those of 1.x.
_KERAS = {
    "v2": ("keras/_tf_keras/keras", "keras/api/_v2/keras", "python/keras/api/_v2/keras"),
    "v1": ("keras/_tf_keras/keras", "keras/api/_v1/keras", "python/keras/api/_v1/keras"),
}
_ESTIMATOR = "tensorflow_estimator/python/estimator/api/_{}/estimator"
_SUMMARY = "tensorboard/summary/_tf/summary"

#: Modules of Keras that ``tensorflow`` itself has, too, from 2.0 on.
_ALIASES = ("initializers", "losses", "metrics", "optimizers")
#: The parts of ``compat.v1`` that come from Keras, since it has a wheel of its own.
_LEGACY = {"layers": "__internal__/legacy/layers", "nn.rnn_cell": "__internal__/legacy/rnn_cell"}

#: Names that a generated file imports for itself, or deletes again.
_NOT_EXPORTED = re.compile(r"_|(LazyLoader|compiler|core|examples|python|tools)$")


class Wheels:
    """The text of the Python files of several unpacked wheels."""

    def __init__(self, files: list[Path]) -> None:
        self._texts: dict[str, str] = {}
        self.required: list[str] = []
        for file in files:
            with zipfile.ZipFile(file) as wheel:
                for name in wheel.namelist():
                    if name.endswith(".dist-info/METADATA"):
                        self.required += re.findall(
                            r"^Requires-Dist: (.+?)(?: *;.*)?$", wheel.read(name).decode(), re.M
                        )
                    elif name.endswith("__init__.py") and "data/purelib" not in name:
                        self._texts[str(PurePosixPath(name).parent)] = wheel.read(name).decode()

    def add(self, other: Wheels) -> None:
        """Take in the files of another wheel."""
        self._texts |= other._texts

    def package(self, path: str) -> str | None:
        """The text of a package's ``__init__.py``."""
        return self._texts.get(path)

    def has(self, path: str) -> bool:
        """Whether there is such a package."""
        return path in self._texts


@dataclass(frozen=True)
class _Requirement:
    """A requirement of a wheel, as pip accepts it."""

    text: str

    @classmethod
    def of(cls, line: str) -> _Requirement:
        return cls(line.replace("(", "").replace(")", "").replace(" ", ""))

    @property
    def name(self) -> str:
        return re.split(r"[<>=~!]", self.text)[0]


def exported_names(version: str) -> set[str]:
    """The public names of a version, as dotted paths below ``tensorflow``.

    Modules are names, too. ``raw_ops``, ``compat.v2`` and what is in ``compat.v1.compat`` besides
    functions are not searched.
    """
    requirement, python = RELEASES[version]
    with tempfile.TemporaryDirectory() as directory:
        wheels = Wheels([_downloaded(requirement, python, directory)])
        for required in map(_Requirement.of, wheels.required):
            if required.name in ("keras", "tensorboard", "tensorflow-estimator"):
                wheels.add(Wheels([_downloaded(required.text, python, directory)]))
        return set(_names_of(wheels, version))


def _downloaded(requirement: str, python: str, directory: str) -> Path:
    platforms = ("manylinux1", "manylinux2010", "manylinux2014", "manylinux_2_17", "manylinux_2_27")
    inner = tempfile.mkdtemp(dir=directory)
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"),
            *("--only-binary=:all:", "--python-version", python, "--dest", inner),
            *(f"--platform={platform}_x86_64" for platform in platforms),
            requirement,
        ],
        check=True,
    )
    return next(Path(inner).iterdir())


def _names_of(wheels: Wheels, version: str) -> Iterator[str]:
    root = next(path for path in ("tensorflow_core", "tensorflow") if wheels.has(f"{path}/_api"))
    first = version.startswith("1.")
    api = f"{root}/_api/{'v1' if first else 'v2'}"
    names = set(_exports_of(wheels, root, api, ""))
    names |= set(_exports_of(wheels, f"{api}/compat/v1", f"{api}/compat/v1", "compat.v1."))
    if not first:
        # The summaries of TensorBoard are added to TensorFlow's own.
        names |= set(_exports_of(wheels, _SUMMARY, _SUMMARY, "summary."))
    for prefix, generation in (("", "v1" if first else "v2"), ("compat.v1.", "v1")):
        estimator = _ESTIMATOR.format(generation)
        if wheels.has(estimator):
            names |= set(_exports_of(wheels, estimator, estimator, f"{prefix}estimator."))
        keras, is_apart = _keras(wheels, root, generation)
        names |= set(_exports_of(wheels, keras, keras, f"{prefix}keras."))
        if prefix and is_apart:
            names = set(_with_legacy(wheels, keras, prefix, names))
        for name in _ALIASES if not first and not prefix else ():
            names |= {name, *_exports_of(wheels, f"{keras}/{name}", f"{keras}/{name}", f"{name}.")}
    return iter(names)


def _keras(wheels: Wheels, root: str, generation: str) -> tuple[str, bool]:
    """The package of Keras's names, and whether it is in a wheel of its own."""
    for path in _KERAS[generation]:
        if wheels.has(path):
            return path, True
        if wheels.has(f"{root}/{path}"):
            return f"{root}/{path}", False
    raise ValueError("no Keras")


def _with_legacy(wheels: Wheels, keras: str, prefix: str, names: set[str]) -> Iterator[str]:
    """``names`` with those that ``compat.v1`` has from Keras; Keras 3 has none of them."""
    mounts = tuple(f"{prefix}{mount}" for mount in _LEGACY)
    yield from (name for name in names if not f"{name}.".startswith(tuple(f"{m}." for m in mounts)))
    for mount, path in zip(mounts, _LEGACY.values(), strict=True):
        package = f"{keras}/{path}"
        if wheels.has(package):
            yield mount
            yield from _exports_of(wheels, package, package, f"{mount}.")


def _exports_of(wheels: Wheels, init: str, packages: str, prefix: str) -> Iterator[str]:
    """The names of the package ``init``, whose subpackages are in ``packages``."""
    text = wheels.package(init)
    for name in _bound_by(ast.parse(text or "")):
        if any(_NOT_EXPORTED.match(part) for part in name.split(".")):
            continue
        yield f"{prefix}{name}"
        inner = f"{packages}/{name}"
        if name not in ("v1", "v2", "raw_ops"):
            yield from _exports_of(wheels, inner, inner, f"{prefix}{name}.")


def _bound_by(tree: ast.Module) -> Iterator[str]:
    """The names that a generated file imports from elsewhere, and the modules it adds."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=module, names=names) if module != "__future__":
                yield from (alias.asname or alias.name for alias in names)
            case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value=str(name)), _]):
                yield name
            case ast.Assign(targets=[ast.Name(id="contrib" | "estimator" as name)]):
                yield name
            case ast.Assign(targets=[ast.Attribute() as target]):
                path = ast.unparse(target)
                if path.startswith("_current_module.") and ".compat." not in path:
                    yield path.removeprefix("_current_module.")


def table(found: dict[str, set[str]]) -> str:
    """The table's text, from the names that each version has."""
    versions = list(found)
    modules: dict[str, dict[str, list[str]]] = {}
    for name in sorted(set().union(*found.values())):
        module, _, last = name.rpartition(".")
        having = _ranges(versions, [name in found[version] for version in versions])
        modules.setdefault(module, {}).setdefault(having, []).append(last)
    lines = [" ".join(versions)]
    for module, names in modules.items():
        lines.append(f"tf.{module}".rstrip("."))
        lines += [f" {having}: {' '.join(listed)}" for having, listed in names.items()]
    return "\n".join(lines) + "\n"


def _ranges(versions: list[str], having: list[bool]) -> str:
    """``1.15,2.4-2.9``: the versions that have a name."""
    spans: list[list[str]] = []
    for number, version in enumerate(versions):
        if having[number] and number and having[number - 1]:
            spans[-1][1:] = [version]
        elif having[number]:
            spans.append([version])
    return ",".join("-".join(span) for span in spans)


#: Prints TensorFlow's names: the given ones that exist, and those that its modules list.
_LOOK = """
import functools, json, sys, types, tensorflow

API = ("_api", "keras.api", "_tf_keras", "estimator", "tensorboard.summary", "compat")
HIDDEN = {"python", "core", "compiler", "tools", "examples", "contrib", "raw_ops", "v2"}

def names_of(module, prefix, around):
    try:
        names = dir(module)
    except Exception:  # Keras 3 has none of the older layers
        return
    for name in names:
        if name.startswith("_"):
            continue
        try:
            value = getattr(module, name)
        except Exception:
            continue
        if name in HIDDEN:
            if name in ("contrib", "raw_ops", "v2"):
                yield prefix + name
            continue
        yield prefix + name
        path = getattr(value, "__name__", "")
        lazy = type(value).__name__ != "module"
        if isinstance(value, types.ModuleType) and id(value) not in around:
            if lazy or any(part in path for part in API):
                if (prefix + name).count("compat") < 2 or name != "v1":
                    yield from names_of(value, prefix + name + ".", around | {id(value)})

def has(name):
    try:
        functools.reduce(getattr, name.split("."), tensorflow)
    except Exception:
        return False
    return True

names = set(names_of(tensorflow, "", frozenset()))
for line in sys.stdin:
    if has(line.strip()):
        names.add(line.strip())
print(json.dumps([tensorflow.__version__, sorted(names)]))
"""


def _check(python: str) -> int:
    """Compare the table with the imported modules; returns the number of differences."""
    every = exports()
    names = set().union(*map(every.names_of, every.versions))
    run = subprocess.run(
        [python, "-c", _LOOK],
        check=True,
        input="\n".join(sorted(names)),
        stdout=subprocess.PIPE,
        text=True,
    )
    full, listed = json.loads(run.stdout.splitlines()[-1])
    version = ".".join(full.split(".")[:2])
    found, known = set(listed), every.names_of(version)
    for name in sorted(known - found):
        print(f"{version}: {name} is in the table, not in TensorFlow")
    for name in sorted(found - known):
        print(f"{version}: {name} is in TensorFlow, not in the table")
    print(f"{version}: {len(known & found)} names agree, {len(known ^ found)} do not")
    return len(known ^ found)


def main() -> None:
    """Write the table, or check it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--check", metavar="PYTHON")
    options = parser.parse_args()
    if options.check:
        sys.exit(_check(options.check) > 0)
    found = {}
    for version in RELEASES:
        kept = options.cache and options.cache / f"{version}.json"
        if kept and kept.exists():
            found[version] = set(json.loads(kept.read_text()))
        else:
            found[version] = exported_names(version)
            if kept:
                kept.write_text(json.dumps(sorted(found[version])))
        print(f"{version}: {len(found[version])} names", flush=True)
    text = table(found)
    Path(str(TABLE)).write_text(text, encoding="utf-8")
    print(f"{TABLE.name}: {len(text)} bytes")


if __name__ == "__main__":
    main()
