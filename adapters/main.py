"""The command line: what an operator can say, and which part answers it. Nothing imports it.

A command imports what it needs when it is carried out: help, a completed word and a mistyped option come at
once, without libraries that take a second, and a bot that runs has no memory for what is said to operators.
"""

import os
import stat
import sys
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import Annotated, Any

import typer

from adapters.configuration import (
    ENV_FILE,
    ConfigurationError,
    Settings,
    known_settings,
    load_settings,
    of_libraries,
)
from adapters.help import examples
from adapters.logs import configure_logging, report, report_threads
from adapters.operator.backup.command import backup, restore
from adapters.operator.feedback.command import export_feedback
from adapters.operator.setup.command import setup_for
from adapters.operator.sizing.command import size
from adapters.operator.status.command import status
from adapters.platforms import PLATFORMS
from adapters.registration import Registration, load
from bot.errors import MixtralBotError

GETTING_STARTED = """\
No chat platform is set up yet. To go on, put into .env:
  a model   MODEL_URL, or HF_TOKEN for Hugging Face's providers; without one it is a dry run"""

OR_SETUP = "or let mixtral-bot setup ask you for them."

TERMINAL = next(platform for platform in PLATFORMS if platform.terminal)

TALK, SET_UP, MORE = "Talk", "Set up", "More"
"""Groups of commands, in the order in which `--help` shows them."""

HELP = """\
Talk to Mixtral-8x7B-Instruct on chat platforms, on a page or in a terminal.

New here? Say mixtral-bot setup. Without a command: run the bot."""

SETUPS = (
    "mixtral-bot setup",
    "mixtral-bot setup model",
    "mixtral-bot setup --model-url http://localhost:8000 --yes",
)

Announce = Callable[[Collection[str]], None]
"""Says what can be reached now, to whoever started the bot: the platforms of these names are there."""


def command_line(kind: type[Settings]) -> typer.Typer:
    """Every command, those of the platforms among them."""
    commands = typer.Typer(
        name="mixtral-bot",
        help=HELP,
        epilog=examples("mixtral-bot", "mixtral-bot setup", "mixtral-bot size --help"),
        pretty_exceptions_enable=False,
    )
    commands.callback(invoke_without_command=True)(default)

    def add(panel: str, command: Callable[..., None], *shown: str, short: str | None = None) -> None:
        commands.command(rich_help_panel=panel, short_help=short, epilog=examples(*shown))(command)

    add(TALK, run, "mixtral-bot run", "LOG_LEVEL=DEBUG mixtral-bot run")
    add(TALK, chat, "mixtral-bot chat", "echo 'Why is the sky blue?' | mixtral-bot chat")
    add(SET_UP, setup_for(kind), *SETUPS)
    add(
        SET_UP,
        doctor,
        "mixtral-bot doctor",
        "mixtral-bot doctor --json",
        short="Check all that the bot needs, and say what to do.",
    )
    for platform in kind.platforms:
        if platform.commands:
            load(platform.commands)(commands, SET_UP)
    add(
        SET_UP,
        status,
        "mixtral-bot status",
        "mixtral-bot status --watch",
        short="Say how the processes of the bot are.",
    )
    add(
        MORE,
        backup,
        "mixtral-bot backup bot.backup",
        "mixtral-bot backup --passphrase-file secret /backups/$(date +%F)",
        "mixtral-bot backup --encrypt - | ssh nas 'cat > bot.backup'",
        short="Write all that the bot keeps into a file.",
    )
    add(
        MORE,
        restore,
        "mixtral-bot restore bot.backup",
        "mixtral-bot restore --replace --passphrase-file secret bot.backup",
        "ssh nas 'cat bot.backup' | mixtral-bot restore -",
        short="Put a backup into the store.",
    )
    add(
        MORE,
        size,
        "mixtral-bot size",
        "mixtral-bot size --gpu A100-80GB --readers 20 --context 8192",
        short="Say what memory a model needs, and which GPUs hold it.",
    )
    add(
        MORE,
        export_feedback,
        "mixtral-bot export-feedback --output rated.jsonl",
        "mixtral-bot export-feedback --pairs | head -3",
        short="Write the answers that people rated, as JSON lines.",
    )
    return commands


def say_version(asked: bool) -> None:
    """Say it, and end."""
    from adapters.build import build  # noqa: PLC0415

    if asked:
        print(f"mixtral-bot {build()}")
        raise typer.Exit


def default(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=say_version, is_eager=True, help="Say which version this is."),
    ] = False,
) -> None:
    """Run the bot when no other command is given."""
    if context.invoked_subcommand is None:
        run()


def run() -> None:
    """Run the bot on every platform that is set up."""
    settings = load_settings(os.environ)
    platforms = [platform for platform in settings.platforms if platform.on(settings)]
    if any(platform.credentials for platform in platforms):
        start(settings, platforms)
        return
    wanting = [platform for platform in settings.platforms if platform.credentials]
    if not (platforms or somebody_types()):
        ways = ", or ".join(platform.credentials for platform in wanting)
        raise ConfigurationError(f"No chat platform is set up: set {ways}, in .env.")
    say(GETTING_STARTED)
    for platform in wanting:
        say(f"  {platform.title:<9} {platform.credentials} (README: {platform.title})")
    say(OR_SETUP)
    if not sys.stdin.isatty() and somebody_types():
        platforms = []  # who pipes questions in wants their answers, and an end

    def announce(running: Collection[str]) -> None:
        for platform in platforms:
            if platform.name in running and (address := platform.address(settings)):
                say(f"\n{platform.title}: [bold]{address}[/bold]")
        if TERMINAL.name in running:
            say("This is the terminal chat. Ctrl-D ends.\n")

    start(settings, [TERMINAL, *platforms] if somebody_types() else platforms, announce)


def chat() -> None:
    """Chat in the terminal, or answer each line of a pipe.

    Enter sends, Alt+Enter begins a new line, Tab completes words with a /, ↑ brings back what you asked.

    Ctrl-C stops an answer. From a pipe the exit code is 1 when a line got no answer.
    """
    start(load_settings(os.environ), [TERMINAL])


def doctor(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Check the configuration and all that the bot needs: exit code 1 when something is wrong."""
    from adapters.operator.doctor import doctor as examination  # noqa: PLC0415

    configure_logging("CRITICAL", "text")
    raise typer.Exit(examination.run(os.environ, as_json=as_json))


def somebody_types() -> bool:
    """Whether standard input is a terminal, a pipe or a file: not nothing at all."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError):
        return False
    return sys.stdin.isatty() or stat.S_ISFIFO(mode) or stat.S_ISREG(mode)


def start(
    settings: Settings, platforms: Sequence[Registration[Any]], announce: Announce = lambda running: None
) -> None:
    """Run on an event loop until told to stop."""
    import asyncio  # noqa: PLC0415

    from adapters.event_loop import loop_factory  # noqa: PLC0415

    configure_logging(
        "WARNING" if TERMINAL in platforms else settings.log_level,
        settings.log_format,
        quiet=[name for platform in platforms for name in platform.quiet],
        silent=[name for platform in platforms for name in platform.silent],
    )
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        again, answered = runner.run(started(settings, platforms, announce))
    if again:
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  # itself
    if not answered:
        raise typer.Exit(1)


async def started(
    settings: Settings, platforms: Sequence[Registration[Any]], announce: Announce
) -> tuple[bool, bool]:
    """Say first what can't go well. Whether it is to be started again as it was, and whether there was an
    answer to all that was asked."""
    import asyncio  # noqa: PLC0415

    from adapters.composition import serve  # noqa: PLC0415
    from adapters.operator.doctor.at_start import warn  # noqa: PLC0415
    from adapters.operator.setup.first_steps import ModelSteps  # noqa: PLC0415

    await warn(settings)
    stop = asyncio.Event()
    # The link is for whoever sits at the terminal: no log shall have it.
    wanted = settings.dry and sys.stderr.isatty() and not os.environ.get("NOTIFY_SOCKET")
    steps = ModelSteps(type(settings), stop.set) if wanted else None

    def announced(running: Collection[str]) -> None:
        announce(running)
        for platform in platforms:
            if steps is not None and platform.name in running:
                tell_of_first_steps(platform.first_steps(settings, steps.key))

    answered = await serve(settings, platforms, announced, os.environ, stop=stop, first_steps=steps)
    return steps is not None and steps.restarts, answered


def tell_of_first_steps(link: str) -> None:
    """Where a model is chosen, for whoever started the bot alone."""
    if link:
        say(f"To choose a model on the page, for you alone, once:\n  [bold]{link}[/bold]\n")


def say(text: str, *, markup: bool = True) -> None:
    """Write it for the operator, beside what is put out."""
    from rich.console import Console  # noqa: PLC0415

    Console(stderr=True, highlight=False).print(text, markup=markup, soft_wrap=True)


def main() -> None:
    """The program: its exit code is 2 for a configuration that is wrong, 1 for what else can't go on."""
    report_threads()
    with suppress(ConfigurationError):  # said by whoever reads the file for more
        os.environ.update(of_libraries(ENV_FILE, os.environ))
    try:
        command_line(known_settings(os.environ))()
    except ConfigurationError as error:
        say(str(error), markup=False)
        sys.exit(2)
    except MixtralBotError as error:
        say(str(error), markup=False)
        sys.exit(1)
    except Exception as error:
        report(error)
        sys.exit(1)


if __name__ == "__main__":
    main()
