"""The link that invites the bot, with the permissions that it uses and no others."""

import discord

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    read_message_history=True,  # replies refer to messages
    create_public_threads=True,  # DISCORD_THREADS
    send_messages_in_threads=True,
    attach_files=True,  # copied answers and exports, shown to one person alone
)


def invite(application: str) -> str:
    """The link for an application's id. Raises `ValueError` for what is no id."""
    return discord.utils.oauth_url(
        int(application), permissions=PERMISSIONS, scopes=("bot", "applications.commands")
    )
