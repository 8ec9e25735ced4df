"""The committed records: writing them, and comparing with them; Python 3.7 and later."""

from __future__ import print_function

import difflib
import json

MODES = ("TRAIN", "EVAL", "PREDICT")


def dumps(recorded):
    """JSON with one line per run, so that a diff shows runs."""

    def line(value):
        return json.dumps(value, sort_keys=True)

    parts = []
    for name, entry in sorted(recorded["files"].items()):
        if "skipped" in entry:
            parts.append("  %s: %s" % (line(name), line(entry)))
            continue
        functions = []
        for function in entry["functions"]:
            modes = []
            for mode in MODES:
                runs = ",\n".join("      " + line(run) for run in function["modes"][mode])
                modes.append("     %s: [\n%s]" % (line(mode), runs))
            head = '"line": %s, "name": %s, "plain": %s' % tuple(
                line(function[key]) for key in ("line", "name", "plain")
            )
            functions.append('   {%s, "modes": {\n%s}}' % (head, ",\n".join(modes)))
        parts.append(
            '  %s: {"digest": %s, "functions": [\n%s]}'
            % (line(name), line(entry["digest"]), ",\n".join(functions))
        )
    return '{\n "tensorflow": %s,\n "python": %s,\n "files": {\n%s\n }\n}\n' % (
        line(recorded["tensorflow"]),
        line(recorded["python"]),
        ",\n".join(parts),
    )


def outcomes(recorded):
    """The part that does not depend on the Python version, for the fixtures that were run."""
    found = {}
    for name, entry in recorded["files"].items():
        for function in entry.get("functions", ()):
            for mode, runs in function["modes"].items():
                found[name, function["name"], mode] = [
                    [run["flags"], run["outcome"], run.get("returned"), run.get("mode")]
                    for run in runs
                ]
    return found


def drifted(committed, now):
    """The names of the fixtures whose record has changed."""
    if committed["python"] == now["python"]:
        names = set(committed["files"]) | set(now["files"])
        return {n for n in names if committed["files"].get(n) != now["files"].get(n)}
    before, after = outcomes(committed), outcomes(now)
    skipped = {name for name, entry in now["files"].items() if "skipped" in entry}
    keys = set(before) | set(after)
    return {key[0] for key in keys if before.get(key) != after.get(key)} - skipped


def differences(committed, now, name):
    """What differs for one fixture: lines with ``-`` are the record's, those with ``+`` are new."""

    def lines(recorded):
        files = {key: entry for key, entry in recorded["files"].items() if key == name}
        return dumps(dict(recorded, files=files)).splitlines()

    return [
        line
        for line in difflib.unified_diff(lines(committed), lines(now), lineterm="", n=1)
        if not line.startswith(("---", "+++", "@@"))
    ]
