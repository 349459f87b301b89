"""The command line: what an operator can say, and which part answers it. Nothing imports it."""

import asyncio
import json
import os
import stat
import sys
from importlib.metadata import version
from typing import Annotated

import typer
import yaml
from rich.console import Console

from adapters.composition import serve
from adapters.configuration import ConfigurationError, Settings, load_settings
from adapters.logs import configure_logging
from adapters.operator.doctor import doctor as examination
from adapters.operator.doctor.at_start import warn
from adapters.operator.feedback.command import export_feedback
from adapters.operator.setup.setup import setup
from adapters.operator.sizing.command import size
from adapters.platforms.discord.invite import invite
from adapters.platforms.slack.manifest import PLACEHOLDER, manifest
from bot.errors import MixtralBotError

GETTING_STARTED = """\
No chat platform is set up yet. To go on, put into .env:
  a model   MODEL_URL, or HF_TOKEN for Hugging Face's providers; without one it is a dry run
  Discord   DISCORD_TOKEN (README: Discord in five minutes)
  Slack     SLACK_BOT_TOKEN and SLACK_APP_TOKEN (README: Slack in five minutes)"""

TALK, SET_UP, MORE = "Talk", "Set up", "More"
"""Groups of commands, in the order in which `--help` shows them."""

commands = typer.Typer(
    name="mixtral-bot",
    help="Talk to Mixtral-8x7B-Instruct on Discord, Slack or in a terminal.\n\n"
    "New here? Say mixtral-bot setup. Without a command: run the bot.",
)
notes = Console(stderr=True, highlight=False)


def say_version(asked: bool) -> None:
    """Say it, and end."""
    if asked:
        print(f"mixtral-bot {version('mixtral-bot')}")
        raise typer.Exit


@commands.callback(invoke_without_command=True)
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


@commands.command(rich_help_panel=TALK)
def run() -> None:
    """Run the bot: on Discord, on Slack, in the browser."""
    settings = load_settings(os.environ)
    page = settings.web_port != 0
    if settings.discord_token is not None or settings.slack:
        start(settings, console=False, page=page)
        return
    if not (page or somebody_types()):
        raise ConfigurationError(
            "No chat platform is set up: set DISCORD_TOKEN, or SLACK_BOT_TOKEN and SLACK_APP_TOKEN, in .env."
        )
    notes.print(GETTING_STARTED, soft_wrap=True)
    # Who pipes questions in wants their answers, and an end.
    page = page and (sys.stdin.isatty() or not somebody_types())
    if page:
        notes.print(
            f"\nThe page in the browser: [bold]http://{at(settings.web_host)}:{settings.web_port}[/bold]"
        )
    if somebody_types():
        notes.print("This is the terminal chat. Ctrl-D ends.\n")
    start(settings, console=somebody_types(), page=page)


@commands.command(rich_help_panel=TALK)
def chat() -> None:
    """Chat in the terminal, or answer each line of a pipe."""
    start(load_settings(os.environ), console=True, page=False)


commands.command(rich_help_panel=SET_UP)(setup)


@commands.command(rich_help_panel=SET_UP, short_help="Check all that the bot needs, and say what to do.")
def doctor(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Check the configuration and all that the bot needs: exit code 1 when something is wrong."""
    configure_logging("CRITICAL", "text")
    raise typer.Exit(examination.run(os.environ, as_json=as_json))


@commands.command(rich_help_panel=SET_UP)
def slack_manifest(
    http: Annotated[bool, typer.Option(help="For HTTP instead of Socket Mode.")] = False,
    url: Annotated[str, typer.Option(help="Where Slack reaches the bot over HTTP.")] = PLACEHOLDER,
    installable: Annotated[bool, typer.Option(help="For many workspaces, installed by OAuth.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON instead of YAML.")] = False,
) -> None:
    """Print the manifest to make a Slack app from."""
    if not url.startswith("https://"):
        raise typer.BadParameter("Slack wants an address that begins with https://.", param_hint="--url")
    if url != PLACEHOLDER and not (http or installable):
        raise typer.BadParameter("Socket Mode needs none: add --http or --installable.", param_hint="--url")
    content = manifest("http" if http else "socket", url=url, installable=installable)
    print(json.dumps(content, indent=2) if as_json else yaml.safe_dump(content, sort_keys=False).rstrip())


@commands.command(rich_help_panel=SET_UP)
def discord_invite(
    application: Annotated[str, typer.Argument(help="The application's id, from the developer portal.")],
) -> None:
    """Print the link that invites the bot to a server."""
    if not application.isdecimal():
        raise typer.BadParameter("the application's id is a number, on its General Information page.")
    print(invite(application))


commands.command(rich_help_panel=MORE, short_help="Say what memory a model needs, and which GPUs hold it.")(
    size
)
commands.command(rich_help_panel=MORE, short_help="Write the answers that people rated, as JSON lines.")(
    export_feedback
)


def somebody_types() -> bool:
    """Whether standard input is a terminal, a pipe or a file: not nothing at all."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError):
        return False
    return sys.stdin.isatty() or stat.S_ISFIFO(mode) or stat.S_ISREG(mode)


def at(host: str) -> str:
    """An address as it stands in a URL; where all of this machine's are listened on, one of them."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # recognised, not listened on
    return f"[{host}]" if ":" in host else host


def start(settings: Settings, *, console: bool, page: bool) -> None:
    """Run on an event loop until told to stop."""
    configure_logging("WARNING" if console else settings.log_level, settings.log_format)
    asyncio.run(started(settings, console=console, page=page))


async def started(settings: Settings, *, console: bool, page: bool) -> None:
    """Say first what can't go well."""
    await warn(settings)
    await serve(settings, console=console, page=page)


def main() -> None:
    """The program: its exit code is 2 for a configuration that is wrong, 1 for what else can't go on."""
    try:
        commands()
    except ConfigurationError as error:
        notes.print(str(error), markup=False, soft_wrap=True)
        sys.exit(2)
    except MixtralBotError as error:
        notes.print(str(error), markup=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
