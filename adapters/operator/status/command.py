"""The command. What it does is imported when it is carried out."""

from contextlib import suppress
from typing import Annotated

import typer


def status(
    watch: Annotated[bool, typer.Option("--watch", help="Again every two seconds, until Ctrl-C.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON; with --watch an object a line.")] = False,
) -> None:
    """Say how the processes of the bot are: exit code 1 when none is there."""
    from adapters.operator.status.looking import look, looks  # noqa: PLC0415

    if not watch:
        raise typer.Exit(look(as_json=as_json))
    with suppress(KeyboardInterrupt):
        looks(as_json=as_json)
