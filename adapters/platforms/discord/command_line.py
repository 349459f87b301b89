"""Discord's command of the command line."""

from typing import Annotated

import typer

from adapters.help import examples


def register(commands: typer.Typer, panel: str) -> None:
    """Add `discord-invite`."""
    commands.command(rich_help_panel=panel, epilog=examples("mixtral-bot discord-invite 1234567890"))(
        discord_invite
    )


def discord_invite(
    application: Annotated[str, typer.Argument(help="The application's id, from the developer portal.")],
) -> None:
    """Print the link that invites the bot to a server."""
    # The library takes half a second to import, which no other command should wait for.
    from adapters.platforms.discord.invite import invite  # noqa: PLC0415

    if not application.isdecimal():
        raise typer.BadParameter("the application's id is a number, on its General Information page.")
    print(invite(application))
