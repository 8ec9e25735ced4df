"""``estimator-lint server``: the language server."""

from __future__ import annotations

import argparse
import importlib.util
from typing import TYPE_CHECKING

from estimator_lint.command_line.output import tell
from estimator_lint.command_line.status import Status

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "server",
        help="run the language server for an editor",
        description="Run the language server (Language Server Protocol), over standard input and"
        " output, or over TCP for the first client that connects.",
        epilog="This needs the extra 'server': pip install 'estimator-lint[server]'.",
    )
    parser.add_argument(
        "--stdio", action="store_true", help="use standard input and output (the default)"
    )
    parser.add_argument(
        "--tcp",
        metavar="[HOST:]PORT",
        type=_address,
        help="listen on this port (HOST: localhost; PORT 0: any free port, which is printed)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Status:
    """Serve until the client disconnects."""
    if importlib.util.find_spec("pygls") is None:
        tell(
            "estimator-lint server: error: pygls is not installed;"
            " pip install 'estimator-lint[server]'"
        )
        return Status.COULD_NOT_RUN
    from estimator_lint.language_server.server import serve, serve_tcp

    try:
        ended_well = serve() if options.tcp is None else serve_tcp(*options.tcp)
    except OSError as error:
        tell(f"estimator-lint server: error: {error.strerror or error}")
        return Status.COULD_NOT_RUN
    return Status.CLEAN if ended_well else Status.FINDINGS


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port number")
    return host.strip("[]") or "localhost", int(port)
