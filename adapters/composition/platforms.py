"""The chat platforms, each with what it needs."""

from collections.abc import Sequence
from functools import partial

from aiohttp import web
from redis.asyncio import Redis

from adapters.composition.secrets import shown
from adapters.discord.controls import KnownCommands
from adapters.discord.platform import DiscordPlatform
from adapters.environment import Settings
from adapters.redis.records import Records
from adapters.slack.assembly import Credentials, slack
from bot.messages import ChannelRef
from bot.ports import ChatPlatform
from bot.slots import Slots
from bot.tuning import Tuning


def discord_platform(settings: Settings, redis: Redis, slots: Slots, tuning: Tuning) -> DiscordPlatform:
    """Discord, with its slash commands remembered in the store."""
    records = Records(redis, "discord")
    return DiscordPlatform(
        token=shown(settings.discord_token),
        known_commands=KnownCommands(
            load=partial(records.load, "commands"), save=partial(records.save, "commands")
        ),
        tuning=tuning,
        message_content=settings.discord_message_content,
        threads=settings.discord_threads,
        api_url=settings.discord_api_url,
        gateway_url=settings.discord_gateway_url,
        observe=partial(heed, slots),
    )


def heed(slots: Slots, bucket: str, channel: ChannelRef, remaining: int, reset_after: float) -> None:
    """A window that Discord says is used up is closed, whatever we counted."""
    if remaining == 0:
        slots.close(bucket, channel, reset_after)


def slack_platform(
    settings: Settings, redis: Redis, tuning: Tuning
) -> tuple[ChatPlatform, Sequence[web.RouteDef]]:
    """Slack, with its installations in the store, and its routes."""
    return slack(
        Credentials(
            bot_token=shown(settings.slack_bot_token),
            app_token=shown(settings.slack_app_token),
            signing_secret=shown(settings.slack_signing_secret),
            client_id=settings.slack_client_id,
            client_secret=shown(settings.slack_client_secret),
        ),
        records=Records(redis, "slack"),
        tuning=tuning,
        streaming=settings.slack_streaming,
        api_url=settings.slack_api_url,
    )
