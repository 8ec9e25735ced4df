"""The evaluating process of python-lsp-server's plugin."""

from __future__ import annotations

import sys

import pytest

from estimator_lint.language_server import blocking_worker
from estimator_lint.language_server.worker import WorkerDiedError

#: Is ready, then ends in the middle of an answer.
_ENDS = """\
import sys
from estimator_lint.language_server.orders import packed
sys.stdout.buffer.write(packed((0, True, 1)) + packed((1, True, "answer"))[:-3])
"""


@pytest.mark.parametrize("program", ["", _ENDS], ids=["at once", "in an answer"])
def test_a_process_that_ends(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocking_worker, "worker_command", lambda: (sys.executable, "-c", program))
    worker = blocking_worker.BlockingWorker()
    with pytest.raises(WorkerDiedError):
        worker.ask(10, "files")
    worker.stop()
