"""Slack's command of the command line. What makes the manifest is imported when that is asked for."""

import json
from typing import Annotated

import typer

from adapters.help import examples
from adapters.platforms.slack.variables import PLACEHOLDER


def register(commands: typer.Typer, panel: str) -> None:
    """Add `slack-manifest`."""
    shown = examples(
        "mixtral-bot slack-manifest",
        "mixtral-bot slack-manifest --http --url https://mixtral.example.com",
    )
    commands.command(rich_help_panel=panel, epilog=shown)(slack_manifest)


def slack_manifest(
    http: Annotated[bool, typer.Option(help="For HTTP instead of Socket Mode.")] = False,
    url: Annotated[str, typer.Option(help="Where Slack reaches the bot over HTTP.")] = PLACEHOLDER,
    installable: Annotated[bool, typer.Option(help="For many workspaces, installed by OAuth.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON instead of YAML.")] = False,
) -> None:
    """Print the manifest to make a Slack app from."""
    import yaml  # noqa: PLC0415

    from adapters.platforms.slack.manifest import manifest  # noqa: PLC0415

    if not url.startswith("https://"):
        raise typer.BadParameter("Slack wants an address that begins with https://.", param_hint="--url")
    if url != PLACEHOLDER and not (http or installable):
        raise typer.BadParameter("Socket Mode needs none: add --http or --installable.", param_hint="--url")
    content = manifest("http" if http else "socket", url=url, installable=installable)
    print(json.dumps(content, indent=2) if as_json else yaml.safe_dump(content, sort_keys=False).rstrip())
