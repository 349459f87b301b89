"""Listens to what happens on Discord and hands it on as the bot's events."""

import logging
import time
from collections.abc import Callable

import discord

from adapters.platforms.discord import translate
from adapters.platforms.discord.component_interactions import ComponentInteractions
from adapters.platforms.discord.interaction_events import Interaction
from adapters.platforms.discord.missed import Missed
from adapters.platforms.discord.parsing import pass_over_unreadable
from adapters.platforms.discord.threads import Threads
from bot.conversation.events import Event

logger = logging.getLogger(__name__)

Take = Callable[[Event], None]


def listen(
    client: discord.Client,
    *,
    take: Take,
    components: ComponentInteractions,
    threads: Threads,
    message_content: bool,
    connected: Callable[[], None],
    missed: Missed | None,
) -> None:
    """Give `take` all that happens to messages and to the places where they stand, and `components` what is
    pressed, chosen and sent. Commands go another way. `connected` is called when a session begins; `missed`
    is told of that, and of each message."""
    pass_over_unreadable(client)

    def me() -> int:
        return client.user.id if client.user else 0

    def channel(number: int, guild: int | None) -> object:
        return client.get_channel(number) or client.get_partial_messageable(number, guild_id=guild)

    @client.event
    async def on_error(event: str, *_: object) -> None:
        logger.exception("%s", event)

    @client.event
    async def on_connect() -> None:
        connected()
        if missed is not None:
            missed.begin()

    if missed is not None:

        @client.event
        async def on_ready() -> None:
            missed.look(client)

    @client.event
    async def on_message(message: discord.Message) -> None:
        if missed is not None:
            missed.heard(message.id)
            if message.guild is None:
                missed.meet(client, message)
        event = translate.incoming(
            message, bot=me(), message_content=message_content, threads=threads.begins_at(message)
        )
        if event is not None:
            take(event)

    @client.event
    async def on_raw_message_edit(edit: discord.RawMessageUpdateEvent) -> None:
        event = translate.edit_in(
            edit.message, bot=me(), message_content=message_content, threads=threads.begins_at(edit.message)
        )
        if event is not None:
            take(event)

    @client.event
    async def on_raw_message_delete(gone: discord.RawMessageDeleteEvent) -> None:
        where = channel(gone.channel_id, gone.guild_id)
        for event in translate.deletions(where, gone.guild_id, [gone.message_id]):
            take(event)

    @client.event
    async def on_raw_bulk_message_delete(gone: discord.RawBulkMessageDeleteEvent) -> None:
        where = channel(gone.channel_id, gone.guild_id)
        for event in translate.deletions(where, gone.guild_id, sorted(gone.message_ids)):
            take(event)

    @client.event
    async def on_guild_channel_delete(gone: discord.abc.GuildChannel) -> None:
        take(translate.closure(gone.guild.id, gone.id))

    @client.event
    async def on_raw_thread_delete(gone: discord.RawThreadDeleteEvent) -> None:
        take(translate.closure(gone.guild_id, gone.thread_id, gone.parent_id))

    @client.event
    async def on_guild_remove(guild: discord.Guild) -> None:
        for each in guild.channels:
            take(translate.closure(guild.id, each.id))
        for thread in guild.threads:
            take(translate.closure(guild.id, thread.id, thread.parent_id))

    @client.event
    async def on_raw_reaction_add(reaction: discord.RawReactionActionEvent) -> None:
        where = channel(reaction.channel_id, reaction.guild_id)
        event = translate.reaction_command(reaction, where, bot=me(), at=time.time())
        if event is not None:
            take(event)

    @client.event
    async def on_interaction(interaction: Interaction) -> None:
        await components.answer(interaction)
