"""The plugin inside the real flake8, run as users run it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"

#: EVAL builds a spec without loss, on line 6, column 16.
FAULTY = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode)
    return tf.estimator.EstimatorSpec(mode, features, features, features)
"""
FINDING = "6:16: MFN103 EstimatorSpec has no loss in EVAL"

#: The same with a name and arguments that are no model function's, and with a decorator.
FAULTY_UNDER_OTHER_NAME = FAULTY.replace("model_fn", "build_graph").replace("labels, ", "")
FAULTY_DECORATED = FAULTY_UNDER_OTHER_NAME.replace("def ", "@graph\ndef ")

#: Says nothing about PREDICT, in which it has no predictions.
ONLY_TRAINED = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, loss=features, train_op=features)
"""


@dataclass(frozen=True)
class Outcome:
    """What a run of flake8 gave."""

    status: int
    lines: list[str]
    errors: str

    def __post_init__(self) -> None:
        if "source code string cannot contain null bytes" in self.errors:
            pytest.skip("this flake8 itself can't take null bytes on this Python")
        assert "Traceback" not in self.errors, self.errors


def flake8(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
    select: str = "MFN",
) -> Outcome:
    """Run flake8 in ``folder``."""
    finished = subprocess.run(
        [sys.executable, "-m", "flake8", f"--select={select}", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **(environment or {})},
        timeout=300,
    )
    output = finished.stdout.decode("utf-8").replace("\r\n", "\n")
    return Outcome(finished.returncode, output.splitlines(), finished.stderr.decode("utf-8"))


def write(path: Path, text: str | bytes) -> Path:
    """Make the file ``path``, byte for byte."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def findings_in(folder: Path, text: str | bytes, *arguments: str) -> list[str]:
    """What flake8 prints about a file with this text, without the file's name."""
    write(folder / "model.py", text)
    outcome = flake8(folder, *arguments, "model.py")
    assert outcome.status == bool(outcome.lines), outcome
    return [line.removeprefix("model.py:") for line in outcome.lines]


def position(text: str, needle: str) -> str:
    """Where ``needle`` stands in ``text``, as flake8 prints it."""
    before = text[: text.index(needle)].replace("\r\n", "\n").replace("\r", "\n")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return f"{line}:{column}:"


# The plugin is there


def test_flake8_lists_the_plugin(tmp_path: Path) -> None:
    version = " ".join(flake8(tmp_path, "--version").lines)
    assert re.search(r"estimator[-_]lint: \d+\.\d+\.\d+", version)


def test_a_finding_has_place_code_and_mode(tmp_path: Path) -> None:
    assert findings_in(tmp_path, FAULTY) == [FINDING]


def test_codes_are_on_without_select(tmp_path: Path) -> None:
    write(tmp_path / "model.py", FAULTY)
    command = [sys.executable, "-m", "flake8", "model.py"]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert finished.stdout.splitlines() == [f"model.py:{FINDING}"]


def test_help_shows_the_options(tmp_path: Path) -> None:
    shown = " ".join(flake8(tmp_path, "--help").lines)
    for option in ("source-roots", *OPTIONS):
        assert f"--estimator-{option}" in shown


# Options

OPTIONS = {
    "model-fns": ("estimator-model-fns", "first_*,build_*", FAULTY_UNDER_OTHER_NAME, "MFN103"),
    "decorators": ("estimator-decorators", "other,graph", FAULTY_DECORATED, "MFN103"),
    "require-modes": ("estimator-require-modes", "TRAIN,PREDICT", ONLY_TRAINED, "MFN104"),
    "tf-version": ("estimator-tf-version", "2.16", ONLY_TRAINED, "MFN901"),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_option_on_the_command_line(tmp_path: Path, name: str) -> None:
    option, value, text, code = OPTIONS[name]
    assert findings_in(tmp_path, text) == []
    (finding,) = findings_in(tmp_path, text, f"--{option}={value}")
    assert code in finding


@pytest.mark.parametrize("config", ["setup.cfg", "tox.ini", ".flake8"])
@pytest.mark.parametrize("name", OPTIONS)
def test_option_in_a_configuration_file(tmp_path: Path, config: str, name: str) -> None:
    option, value, text, code = OPTIONS[name]
    spread = ",\n    ".join(value.split(","))
    write(tmp_path / config, f"[flake8]\n{option} =\n    {spread}\n")
    (finding,) = findings_in(tmp_path, text)
    assert code in finding
    # The same with underscores, which flake8 takes for its own options as well.
    write(tmp_path / config, f"[flake8]\n{option.replace('-', '_')} = {value}\n")
    assert findings_in(tmp_path, text) == [finding]


def test_the_command_line_wins_over_the_configuration_file(tmp_path: Path) -> None:
    write(tmp_path / "setup.cfg", "[flake8]\nestimator-require-modes = PREDICT\n")
    assert findings_in(tmp_path, ONLY_TRAINED, "--estimator-require-modes=TRAIN") == []


@pytest.mark.parametrize("mode", ["INFER", "PREDICT,TEST", "PREDICTION"])
def test_an_unknown_mode_is_an_error_of_usage(tmp_path: Path, mode: str) -> None:
    write(tmp_path / "model.py", FAULTY)
    outcome = flake8(tmp_path, f"--estimator-require-modes={mode}", "model.py")
    assert outcome.status == 2
    assert "--estimator-require-modes" in outcome.errors
    assert mode.split(",")[-1] in outcome.errors
    assert outcome.lines == []


def test_an_unknown_mode_in_a_configuration_file(tmp_path: Path) -> None:
    write(tmp_path / "tox.ini", "[flake8]\nestimator-require-modes = PREDICT, TEST\n")
    write(tmp_path / "model.py", FAULTY)
    outcome = flake8(tmp_path, "model.py")
    assert outcome.status == 2
    assert "estimator-require-modes" in outcome.errors
    assert "TEST" in outcome.errors


def test_an_empty_option_is_no_mode(tmp_path: Path) -> None:
    assert findings_in(tmp_path, ONLY_TRAINED, "--estimator-require-modes=") == []


# Where the text comes from


def test_standard_input(tmp_path: Path) -> None:
    outcome = flake8(tmp_path, "-", stdin=FAULTY.encode())
    assert outcome.lines == [f"stdin:{FINDING}"]


def test_standard_input_has_the_name_it_is_given(tmp_path: Path) -> None:
    """And the file of that name, where there is one, is not what is linted."""
    write(tmp_path / "model.py", ONLY_TRAINED)
    for name in ("model.py", "not/there.py"):
        outcome = flake8(tmp_path, f"--stdin-display-name={name}", "-", stdin=FAULTY.encode())
        assert outcome.lines == [f"{name}:{FINDING}"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1"])
def test_standard_input_in_another_encoding(tmp_path: Path, encoding: str) -> None:
    text = "# coding: latin-1\n" if encoding == "latin-1" else "#\n"
    text += FAULTY.replace("        return", '        "ä"; return')
    outcome = flake8(tmp_path, "-", stdin=text.encode(encoding))
    assert outcome.lines == ["stdin:7:21: MFN103 EstimatorSpec has no loss in EVAL"]


# Silencing


@pytest.mark.parametrize(
    ("comment", "is_silenced"),
    [
        ("# noqa", True),
        ("# noqa: MFN103", True),
        ("# noqa: E501,MFN103", True),
        ("# noqa: MFN", True),
        ("# noqa: MFN102", False),
        ("# noqa: MFN113", False),
    ],
)
def test_noqa(tmp_path: Path, comment: str, is_silenced: bool) -> None:
    text = FAULTY.replace("EstimatorSpec(mode)", f"EstimatorSpec(mode)  {comment}")
    assert findings_in(tmp_path, text) == ([] if is_silenced else [FINDING])


def test_noqa_counts_on_the_line_of_the_finding_only(tmp_path: Path) -> None:
    spread = "EstimatorSpec({}\n            mode,{}\n        ){}\n"
    for index, left in enumerate(([], [FINDING], [FINDING])):
        comments = ["", "", ""]
        comments[index] = "  # noqa: MFN103"
        text = FAULTY.replace("EstimatorSpec(mode)\n", spread.format(*comments), 1)
        assert findings_in(tmp_path, text) == left


def test_flake8_noqa_for_the_whole_file(tmp_path: Path) -> None:
    assert findings_in(tmp_path, f"# flake8: noqa: MFN103\n{FAULTY}") == []


def test_per_file_ignores(tmp_path: Path) -> None:
    for name in ("kept/a.py", "old/a.py", "old/b.py"):
        write(tmp_path / name, FAULTY)
    write(
        tmp_path / ".flake8", "[flake8]\nper-file-ignores =\n    old/a.py: MFN1\n    b.py: MFN2\n"
    )
    outcome = flake8(tmp_path, "-j1", ".")
    assert sorted(outcome.lines) == [f"./kept/a.py:{FINDING}", f"./old/b.py:{FINDING}"]


@pytest.mark.parametrize("ignored", ["MFN", "MFN1", "MFN10", "MFN103"])
def test_extend_ignore_takes_prefixes(tmp_path: Path, ignored: str) -> None:
    write(tmp_path / "model.py", FAULTY)
    command = [sys.executable, "-m", "flake8", f"--extend-ignore={ignored}", "model.py"]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert finished.stdout == ""
    assert finished.returncode == 0


# Several files, several processes


@pytest.fixture
def many_files(tmp_path: Path) -> Path:
    for number in range(6):
        write(tmp_path / f"faulty_{number}.py", "\n" * number + FAULTY)
        write(tmp_path / f"trained_{number}.py", ONLY_TRAINED)
        write(tmp_path / f"other_{number}.py", "x = 1\n")
    return tmp_path


EXPECTED_IN_MANY_FILES = sorted(
    [f"./faulty_{number}.py:{6 + number}:{FINDING[2:]}" for number in range(6)]
    + [
        f"./trained_{number}.py:5:12: MFN104 EstimatorSpec has no predictions in PREDICT"
        for number in range(6)
    ]
)


@pytest.mark.parametrize("jobs", ["-j0", "-j1", "-j2", "-jauto"])
def test_jobs(many_files: Path, jobs: str) -> None:
    outcome = flake8(many_files, jobs, "--estimator-require-modes=PREDICT", ".")
    assert sorted(outcome.lines) == EXPECTED_IN_MANY_FILES


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
@pytest.mark.skipif(sys.platform == "win32", reason="there it is always spawn")
def test_other_ways_to_start_processes(many_files: Path, method: str) -> None:
    """The options get into processes that don't inherit them."""
    customization = f"import multiprocessing\nmultiprocessing.set_start_method({method!r}, True)\n"
    write(many_files / "start" / "sitecustomize.py", customization)
    environment = {"PYTHONPATH": str(many_files / "start")}
    arguments = ["-j2", "--estimator-require-modes=PREDICT", "--exclude=start", "."]
    outcome = flake8(many_files, *arguments, environment=environment)
    assert sorted(outcome.lines) == EXPECTED_IN_MANY_FILES


def test_files_have_no_effect_on_each_other(many_files: Path) -> None:
    names = sorted(path.name for path in many_files.glob("*.py"))
    there = flake8(many_files, "-j1", *names)
    back = flake8(many_files, "-j1", *reversed(names))
    assert sorted(there.lines) == sorted(back.lines) != []


def test_the_hash_seed_has_no_effect() -> None:
    outcomes = [
        flake8(FIXTURES, "--isolated", "-j1", ".", environment={"PYTHONHASHSEED": seed}).lines
        for seed in ("0", "4711")
    ]
    assert outcomes[0] == outcomes[1] != []


# Columns and line ends

SITE = "tf.estimator.EstimatorSpec(mode)"
MESSAGE = "MFN103 EstimatorSpec has no loss in EVAL"


INDENTED_RETURN = "        return"
TEXTS_OF_ALL_KINDS = {
    "plain": FAULTY,
    "umlauts": FAULTY.replace(INDENTED_RETURN, '        "äöü"; return'),
    "wide": FAULTY.replace(INDENTED_RETURN, '        "日本語"; return'),
    "astral": FAULTY.replace(INDENTED_RETURN, '        "𝄞👩\u200d🔬"; return'),
    "identifier": FAULTY.replace("labels", "étiquettes").replace(
        INDENTED_RETURN, "        étiquettes; return"
    ),
    "tabs": FAULTY.replace("    ", "\t"),
    "tab_inside": FAULTY.replace("return ", "return\t"),
    "separators": FAULTY.replace("import", "x = '\u2028\u0085\x1c'\nimport", 1),
    "separators_in_lines": FAULTY.replace("import", "x = '''\n\u2028\x0b\x0c\n'''\nimport", 1),
    "form_feed_line": FAULTY.replace("\ndef", "\n\x0c\ndef"),
    "form_feed_before_def": FAULTY.replace("def", "\x0cdef", 1),
    "form_feed_line_inside": FAULTY.replace(INDENTED_RETURN, "\x0c\n        return", 1),
    "backslash": FAULTY.replace("return", "return \\\n            ", 1),
    "no_newline_at_end": FAULTY.rstrip("\n"),
    "trailing_blank_lines": FAULTY + "\n\n   \n",
}


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["bare", "BOM"])
def test_place(tmp_path: Path, line_end: str, mark: str) -> None:
    expected = []
    for name, text in TEXTS_OF_ALL_KINDS.items():
        write(tmp_path / f"{name}.py", mark + text.replace("\n", line_end))
        expected.append(f"./{name}.py:{position(text, SITE)} {MESSAGE}")
    assert sorted(flake8(tmp_path, ".").lines) == sorted(expected)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("name", ["plain", "wide", "form_feed_before_def", "separators_in_lines"])
def test_place_on_standard_input(tmp_path: Path, line_end: str, name: str) -> None:
    """There flake8 leaves the line ends as they are."""
    text = TEXTS_OF_ALL_KINDS[name]
    outcome = flake8(tmp_path, "-", stdin=text.replace("\n", line_end).encode())
    assert outcome.lines == [f"stdin:{position(text, SITE)} {MESSAGE}"]


# What no linter likes


def test_a_form_feed_in_the_indentation_is_more_than_libcst_can_take(tmp_path: Path) -> None:
    second = FAULTY.replace("model_fn", "second_model_fn").replace("    if", "\x0c    if", 1)
    failure, finding = findings_in(tmp_path, second + FAULTY)
    assert failure.startswith("4:5: MFN000 'second_model_fn' could not be analysed")
    assert MESSAGE in finding


def test_a_syntax_error_is_told_once(tmp_path: Path) -> None:
    write(tmp_path / "model.py", FAULTY + "def broken(:\n")
    outcome = flake8(tmp_path, "model.py", select="E9,MFN")
    (line,) = outcome.lines
    assert "E999 SyntaxError" in line


BYTES_THAT_ARE_NO_PROGRAM = {
    "null.py": FAULTY.encode() + b"\0",
    "rubbish.py": bytes(range(256)) * 20 + b" model_fn EstimatorSpec",
    "utf16.py": FAULTY.encode("utf-16"),
    "dedent.py": FAULTY.encode() + b"        x = 1\n  y = 2\n",
    "open_string.py": FAULTY.encode() + b'"""\n',
    "python2.py": FAULTY.encode() + b"print 'model_fn'\n",
}


@pytest.mark.parametrize("name", BYTES_THAT_ARE_NO_PROGRAM)
def test_what_is_no_program_is_left_to_flake8(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, BYTES_THAT_ARE_NO_PROGRAM[name])
    outcome = flake8(tmp_path, name, select="E9,MFN")
    assert outcome.status == 1
    assert "MFN" not in outcome.errors
    assert [line for line in outcome.lines if "MFN" in line] == []


@pytest.mark.parametrize("start", [b"# \xff\xfe\n", b"# coding: no-such-encoding\n"])
def test_what_flake8_takes_for_latin_1_is_linted(tmp_path: Path, start: bytes) -> None:
    text = start + FAULTY.replace(INDENTED_RETURN, '        "ä"; return').encode("latin-1")
    assert findings_in(tmp_path, text) == [f"7:21: {MESSAGE}"]


@pytest.mark.parametrize("text", ["", "\n", " ", "\x0c", "#", "\ufeff", "# EstimatorSpec model_fn"])
def test_nearly_empty_files(tmp_path: Path, text: str) -> None:
    assert findings_in(tmp_path, text) == []


DEEP = {
    "calls": "x = features" + ".a()" * 160,
    "parentheses": "x = " + "(" * 90 + "features" + ")" * 90,
    "operators": "x = " + " + ".join(["features"] * 250),
    "lists": "x = " + "[" * 90 + "]" * 90,
    "lambdas": "x = " + "lambda: " * 90 + "features",
    "conditionals": "x = " + "features if labels else " * 90 + "features",
    "elifs": "if features:\n        x = 1\n" + "    elif features:\n        x = 1\n" * 90,
}


@pytest.mark.parametrize("name", DEEP)
def test_deep_nesting_in_a_model_function(tmp_path: Path, name: str) -> None:
    """As deep as flake8's own plugins can take: analysed, or MFN000, or silence."""
    text = FAULTY.replace("    if", f"    {DEEP[name]}\n    if", 1) + FAULTY.replace(
        "model_fn", "second_model_fn"
    )
    codes = [re.search(r"MFN\d{3}", line) for line in findings_in(tmp_path, text)]
    assert {match.group() for match in codes if match} <= {"MFN000", "MFN103"}
    assert codes[-1] is not None and codes[-1].group() == "MFN103"


PLUGIN_ALONE = """
import ast, sys
from estimator_lint.flake8_plugin import EstimatorChecker
text = sys.stdin.read()
try:
    tree = ast.parse(text)
except (MemoryError, RecursionError, SyntaxError) as error:
    sys.exit(f"Python itself gives up: {error!r}")
for line, column, message, _ in EstimatorChecker(tree, text.splitlines(True), "model.py").run():
    print(line, column, message)
"""


@pytest.mark.parametrize("depth", [300, 1000, 3000])
@pytest.mark.parametrize(
    "nested",
    [
        lambda depth: "x = features" + ".a()" * depth,
        lambda depth: "x = " + " + ".join(["features"] * depth),
        lambda depth: "x = " + "not " * depth + "features",
        lambda depth: (
            "if features:\n        x = 1\n" + "    elif features:\n        x = 1\n" * depth
        ),
    ],
    ids=["calls", "operators", "nots", "elifs"],
)
def test_nesting_deeper_than_flake8_can_take(nested: Callable[[int], str], depth: int) -> None:
    """The plugin alone, since pyflakes would end the run first."""
    text = FAULTY.replace("    if", f"    {nested(depth)}\n    if", 1)
    finished = subprocess.run(
        [sys.executable, "-c", PLUGIN_ALONE],
        input=text + FAULTY.replace("model_fn", "second_model_fn"),
        capture_output=True,
        text=True,
        timeout=300,
    )
    if finished.stderr.startswith("Python itself gives up"):
        pytest.skip(finished.stderr)
    assert (finished.returncode, finished.stderr) == (0, "")
    codes = re.findall(r"MFN\d{3}", finished.stdout)
    assert set(codes) <= {"MFN000", "MFN103"}
    assert codes[-1] == "MFN103"


def test_a_huge_file(tmp_path: Path) -> None:
    table = "TABLE = [\n" + "    'model_fn',\n" * 20_000 + "]\n"
    text = table + FAULTY
    assert findings_in(tmp_path, text) == [f"{position(text, SITE)} {MESSAGE}"]


def test_a_huge_model_function(tmp_path: Path) -> None:
    body = "    x = tf.add(features, 1)\n" * 2_000
    text = FAULTY.replace("    if", f"{body}    if", 1)
    assert findings_in(tmp_path, text) == [f"{position(text, SITE)} {MESSAGE}"]


# What is imported

IMPORTED = """
import sys
from flake8.main.cli import main
status = main(["--isolated", "-j1", sys.argv[1]])
print(*[name for name in ("libcst", "astroid", "tensorflow") if name in sys.modules])
"""


@pytest.mark.parametrize(
    "text",
    ["", "x = 1\n", "import os\n\n\ndef function(mode):\n    return os.fspath(mode)\n"],
)
def test_files_without_model_functions_import_nothing(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "other.py", text)
    command = [sys.executable, "-c", IMPORTED, str(path)]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    assert finished.stdout == "\n"


def test_what_is_linted_is_never_imported(tmp_path: Path) -> None:
    text = "import trap\n" + FAULTY
    write(tmp_path / "trap.py", "open('executed', 'w').close()\n")
    write(tmp_path / "tensorflow.py", "import trap\n")
    assert findings_in(tmp_path, text) != []
    assert not (tmp_path / "executed").exists()
