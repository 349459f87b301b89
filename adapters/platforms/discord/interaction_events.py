"""What somebody did with a command, a button or a form, as the bot's own values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

import discord

from adapters.platforms.discord.translate import place, role_ids, sent_at, standing
from bot.conversation.content import Attachment, Quote
from bot.conversation.events import Address, Author, ChannelRef, Invoked, Opened, Said
from bot.conversation.layers import Scope

Interaction = discord.Interaction[discord.Client]

Handle = tuple[str, ...]
"""What the bot keeps of an interaction with its event: `ReplyToken.handle`."""


class First(StrEnum):
    """Who sees the first answer to an interaction: that is detached when it is acknowledged."""

    OPEN = "open"
    """Everybody in the channel."""
    ALONE = "alone"
    """Only who asked for it."""
    PANEL = "panel"
    """It stands there already: the message with the settings, which shall show what has become of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyToken:
    """What a `reply` handle holds: how to answer an interaction, for the quarter of an hour that it lives."""

    first: First
    application: int
    token: str

    @property
    def handle(self) -> Handle:
        """What the bot keeps with the event."""
        return self.first, str(self.application), self.token

    @classmethod
    def read(cls, handle: Handle) -> Self:
        """The one of this handle."""
        first, application, token = handle
        return cls(first=First(first), application=int(application), token=token)


def own_id(client: discord.Client) -> int:
    """The bot's own user id; 0 before it is known."""
    return client.user.id if client.user else 0


def interaction_channel(interaction: Interaction) -> ChannelRef:
    """The conversation that an interaction came from."""
    return place(interaction.channel, interaction.guild_id)


def alone(interaction: Interaction) -> First:
    """For whom what is said to one person is shown: in private, nobody else is there."""
    return First.OPEN if interaction.guild_id is None else First.ALONE


def question_from(
    interaction: Interaction,
    text: str,
    *,
    quotes: tuple[Quote, ...] = (),
    attachments: tuple[Attachment, ...] = (),
) -> Said:
    """What somebody asked with a command or a form."""
    return Said(
        channel=interaction_channel(interaction),
        id=str(interaction.id),
        author=_invoker(interaction),
        text=text.strip(),
        sent_at=sent_at(interaction.id),
        address=Address.COMMAND,
        quotes=quotes,
        attachments=attachments,
        reply=_handle(interaction, First.OPEN),
    )


def command_from(
    interaction: Interaction,
    name: str,
    argument: str,
    *,
    target: str = "",
    conversation: str = "",
    changes: Mapping[str, str] | None = None,
    scope: Scope | None = None,
    first: First | None = None,
) -> Invoked:
    """Any other command. `conversation`: the channel of the one that it is about, where it is another."""
    channel = interaction_channel(interaction)
    if conversation:
        channel = replace(channel, channel=conversation, parent=channel.parent or channel.channel)
    return Invoked(
        channel=channel,
        id=str(interaction.id),
        author=_invoker(interaction),
        verb=name,
        argument=argument.strip(),
        changes=changes or {},
        scope=scope,
        target=target,
        reply=_handle(interaction, first or alone(interaction)),
    )


def opening_from(interaction: Interaction) -> Opened:
    """Somebody wants to see what is set where they are."""
    return Opened(
        channel=interaction_channel(interaction),
        id=str(interaction.id),
        author=_invoker(interaction),
        reply=_handle(interaction, alone(interaction)),
    )


def _handle(interaction: Interaction, first: First) -> Handle:
    return ReplyToken(first=first, application=interaction.application_id, token=interaction.token).handle


def _invoker(interaction: Interaction) -> Author:
    user = interaction.user
    return Author(
        id=str(user.id),
        name=user.display_name,
        locale=interaction.locale.value,
        standing=standing(interaction.permissions),
        roles=role_ids(user),
    )
