"""The commands. What they do is imported when it is carried out."""

import os
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from adapters.configuration import Settings, load_settings
from adapters.operator.backup.trouble import BackupError
from adapters.variables import shown

if TYPE_CHECKING:
    from adapters.operator.backup.progress import Progress

T = TypeVar("T")

THROUGH_A_PIPE = Path("-")

HOW_TO_GIVE_ONE = "Set BACKUP_PASSPHRASE, or name a file that has it: --passphrase-file FILE."

PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        metavar="FILE",
        help="A file whose first line is the passphrase. If not given: BACKUP_PASSPHRASE, where that is set.",
    ),
]


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What to write; - for standard output.")],
    encrypt: Annotated[
        bool, typer.Option("--encrypt", help="Encrypt it, and ask for the passphrase where none is set.")
    ] = False,
    passphrase_file: PassphraseFile = None,
    force: Annotated[bool, typer.Option("--force", help="Write over the file where there is one.")] = False,
) -> None:
    """Write all that the bot keeps into one file, while it runs or not.

    Each conversation is in it as it was at one moment.

    It has what people wrote, and tokens. Only its owner may read it; encrypt it where it goes elsewhere.

    Exit code 0: the file is whole. 1: it could not be made, and nothing is left of it.
    """
    from adapters.operator.backup.progress import Progress  # noqa: PLC0415
    from adapters.operator.backup.saving import new_file, save, standard_output  # noqa: PLC0415

    settings = load_settings(os.environ)
    if not force and file != THROUGH_A_PIPE and os.path.lexists(file):
        raise typer.BadParameter(f"{file} is there already: choose another, or add --force.")
    secret = _given(settings, passphrase_file)
    if encrypt and not secret:
        secret = _asked(twice=True)
    progress = Progress()
    place = standard_output() if file == THROUGH_A_PIPE else new_file(file, force=force)
    with place as output:
        summary = _run(save(settings, output, passphrase=secret, progress=progress), progress)
    how = "encrypted" if secret else "not encrypted"
    typer.echo(f"{summary.conversations} conversations in {summary.keys} keys, {how}.", err=True)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What to read; - for standard input.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Delete first what is kept there, where something is.")
    ] = False,
    while_running: Annotated[
        bool, typer.Option("--while-running", help="Although bots are running on that store.")
    ] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Put what a backup has into the store: at REDIS_URL, or the bot's own in DATA_DIR.

    All of the file is looked through first. What would be forgotten by now is left out.

    Exit code 0: all of it is there. 1: it is not; whether anything was changed is said.
    """
    from adapters.operator.backup.progress import Progress  # noqa: PLC0415
    from adapters.operator.backup.restoring import file_at, standard_input  # noqa: PLC0415
    from adapters.operator.backup.restoring import restore as restored  # noqa: PLC0415

    settings = load_settings(os.environ)
    progress = Progress()
    with standard_input() if file == THROUGH_A_PIPE else file_at(file) as content:
        summary, over = _run(
            restored(
                settings,
                content,
                passphrase=lambda: _given(settings, passphrase_file) or _asked(twice=False),
                replace=replace,
                while_running=while_running,
                progress=progress,
            ),
            progress,
        )
    left_out = f" {over} of these were over by now." if over else ""
    typer.echo(f"{summary.conversations} conversations in {summary.keys} keys restored.{left_out}", err=True)


def _run(what: Coroutine[Any, Any, T], progress: "Progress") -> T:
    """Do it. SIGTERM ends it as Ctrl-C does."""
    import asyncio  # noqa: PLC0415
    import signal  # noqa: PLC0415

    async def run() -> T:
        task = asyncio.ensure_future(what)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await task

    try:
        return asyncio.run(run())
    except asyncio.CancelledError as error:
        raise BackupError("It was told to stop.") from error
    finally:
        progress.end()


def _given(settings: Settings, file: Path | None) -> str:
    """The passphrase that the operator has written down; "" for none."""
    if file is None:
        return shown(settings.backup_passphrase)
    try:
        with file.open(encoding="utf-8") as lines:
            secret = lines.readline().rstrip("\r\n")
    except (OSError, UnicodeError) as error:
        raise typer.BadParameter(f"{file} can't be read ({type(error).__name__}).") from error
    if not secret:
        raise typer.BadParameter(f"{file} has no passphrase in its first line.")
    return secret


def _asked(*, twice: bool) -> str:
    """The passphrase that somebody types."""
    import getpass  # noqa: PLC0415
    import warnings  # noqa: PLC0415

    with warnings.catch_warnings(action="error", category=getpass.GetPassWarning):
        try:
            secret = getpass.getpass("Passphrase: ")
            again = getpass.getpass("Once more: ") if twice else secret
        except (getpass.GetPassWarning, EOFError) as error:
            raise BackupError(f"It takes a passphrase. {HOW_TO_GIVE_ONE}") from error
    if not secret:
        raise BackupError("That is no passphrase: it is empty.")
    if secret != again:
        raise BackupError("They are not the same.")
    return secret
