"""The JSON output of commands, against the schemas in the package."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from estimator_lint.command_line.formats.as_json import as_json
from estimator_lint.schemas import COMMANDS, schema_of
from tests.command_line.program import FAULTY, run, write
from tests.command_line.test_formats import report
from tests.notebooks.samples import notebook

FIXTURES = Path(__file__).parent.parent / "fixtures"


def complaints(command: str, content: object) -> list[str]:
    validator = Draft202012Validator(_strict(schema_of(command)))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(content)]


def _strict(schema: Any) -> Any:
    """The same schema, but without undescribed members."""
    if isinstance(schema, list):
        return list(map(_strict, schema))
    if not isinstance(schema, dict):
        return schema
    inner = {key: _strict(value) for key, value in schema.items()}
    if "properties" in inner and "oneOf" not in inner and "$schema" not in inner:
        members = {*inner["properties"], "version"}
        inner["propertyNames"] = {"enum": sorted(members)}
    return inner


@pytest.mark.parametrize("command", COMMANDS)
def test_schemas_are_schemas(command: str) -> None:
    Draft202012Validator.check_schema(schema_of(command))
    assert schema_of(command)["$id"] == f"urn:estimator-lint:{command}:1"


def test_check_of_made_up_findings() -> None:
    content = json.loads(as_json(report()))
    assert complaints("check", content) == []
    content["findings"][0]["certainty"] = "likely"
    del content["findings"][1]["end_line"]
    assert len(complaints("check", content)) == 2


def test_check_of_files_and_notebooks(tmp_path: Path) -> None:
    for number, path in enumerate(sorted(FIXTURES.glob("MFN[1-3]*/bad.py"))):
        write(tmp_path / f"{number}.py", path.read_text(encoding="utf-8"))
    (tmp_path / "a.ipynb").write_text(notebook(FAULTY))
    write(tmp_path / "broken.py", "model_fn = (\n")
    content = json.loads(run(tmp_path, "check", "--format=json", ".").output)
    assert complaints("check", content) == []
    kinds = {
        event["kind"]
        for finding in content["findings"]
        for witness in finding["witnesses"]
        for event in witness["events"]
    }
    assert {"finding", "test", "assignment", "value", "contrast"} <= kinds


def test_modes(tmp_path: Path) -> None:
    write(tmp_path / "model.py")
    (tmp_path / "a.ipynb").write_text(notebook(FAULTY))
    for paths in (["model.py"], ["a.ipynb"], ["model.py", "a.ipynb"]):
        content = json.loads(run(tmp_path, "modes", "--format=json", *paths).output)
        assert complaints("modes", content) == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")
def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/\xff\n.py", "w") as file:
        file.write(FAULTY)
    for name in ("json", "sarif", "gitlab", "junit", "github", "azure", "concise", "text"):
        outcome = run(tmp_path, "check", f"--format={name}", ".")
        assert (outcome.status, len(outcome.output.encode()) > 0) == (1, True)
        if name == "json":
            content = json.loads(outcome.output)
            assert complaints("check", content) == []
            assert "\\udcff" in content["findings"][0]["file"]
        if name == "sarif":
            assert "%FF%0A.py" in outcome.output
