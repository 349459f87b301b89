"""The composition root: the one place where objects are made and handed to each other."""

import asyncio
import signal
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial

from aiohttp import web
from pydantic import SecretStr
from redis.asyncio import Redis

from adapters.console.platform import ConsolePlatform
from adapters.discord.controls import KnownCommands
from adapters.discord.platform import DiscordPlatform
from adapters.dry_run import DryRunGenerator
from adapters.environment import Settings
from adapters.graphemes import boundary
from adapters.http import HttpServer
from adapters.huggingface import HuggingFaceGenerator
from adapters.redis.budget import RedisBudget
from adapters.redis.mailbox import RedisMailbox
from adapters.redis.memory import RedisMemory
from adapters.redis.quota import UserQuota
from adapters.redis.records import Records
from adapters.redis.server import redis_client
from adapters.slack.assembly import Credentials, slack
from adapters.tokenizer import MixtralTokenizer
from bot.admission import Admission, Places
from bot.answer import Answerer
from bot.commands import Commands
from bot.generation import GenerationSettings
from bot.messages import ChannelRef
from bot.model_call import Deadlines
from bot.overview import overviews
from bot.ports import ChatPlatform, TextGenerator
from bot.service import Service
from bot.slots import Slots

LEASE = 6.0
"""Seconds that a conversation stays with a process that no longer gives a sign of life."""

DRAIN = 25.0
"""Seconds for running answers to end when the bot is told to stop; our compose file kills after 30."""


async def serve(settings: Settings, *, console: bool) -> None:
    """Put everything together and run it; SIGTERM and SIGINT let running answers end first."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    url = shown(settings.redis_url)
    async with AsyncExitStack() as resources:
        redis = await resources.enter_async_context(redis_client(url, settings.data_dir))
        budget = RedisBudget(redis)
        memory = RedisMemory(redis, history_days=settings.bot_history_days)
        platforms: list[tuple[ChatPlatform, Slots]] = []
        routes: Sequence[web.RouteDef] = ()
        if console:
            platforms.append((ConsolePlatform(), Slots(ConsolePlatform.limits, budget)))
        if settings.discord_token is not None and not console:
            slots = Slots(DiscordPlatform.limits, budget)
            platforms.append((discord_platform(settings, redis, slots), slots))
        if settings.slack and not console:
            platform, routes = slack_platform(settings, redis, memory)
            platforms.append((platform, Slots(platform.limits, budget)))
        service = bot_service(settings, redis, memory, platforms)
        if not console:
            server = HttpServer(
                settings.http_host, settings.http_port, lambda: {"store": service.store_answers}, routes
            )
            await resources.enter_async_context(server)
        await service.run(stop)


def discord_platform(settings: Settings, redis: Redis, slots: Slots) -> DiscordPlatform:
    """Discord, with its slash commands remembered in the store."""
    records = Records(redis, "discord")
    return DiscordPlatform(
        token=shown(settings.discord_token),
        known_commands=KnownCommands(
            load=partial(records.load, "commands"), save=partial(records.save, "commands")
        ),
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
    settings: Settings, redis: Redis, memory: RedisMemory
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
        look=overviews(memory, defaults(settings), settings.bot_history_days),
        history_days=settings.bot_history_days,
        streaming=settings.slack_streaming,
        api_url=settings.slack_api_url,
    )


def shown(secret: SecretStr | None) -> str:
    """A secret's text; none where there is none."""
    return secret.get_secret_value() if secret else ""


def defaults(settings: Settings) -> GenerationSettings:
    """How the model writes where nobody has said otherwise."""
    return GenerationSettings(
        temperature=settings.bot_temperature,
        max_new_tokens=settings.bot_max_new_tokens,
        top_p=settings.bot_top_p,
        repetition_penalty=settings.bot_repetition_penalty,
        seed=settings.bot_seed,
        system_prompt=settings.bot_system_prompt,
    )


def bot_service(
    settings: Settings, redis: Redis, memory: RedisMemory, platforms: Sequence[tuple[ChatPlatform, Slots]]
) -> Service:
    """The bot on its platforms, one store and one model."""
    mailbox = RedisMailbox(redis, lease=LEASE, history_days=settings.bot_history_days)
    return Service(
        platforms={platform.name: platform for platform, _ in platforms},
        slots={platform.name: slots for platform, slots in platforms},
        mailbox=mailbox,
        memory=memory,
        quota=UserQuota(redis, settings.bot_user_quota),
        admission=Admission(
            allowed_channels=settings.bot_allowed_channels,
            allowed_users=settings.bot_allowed_users,
            blocked_users=settings.bot_blocked_users,
            admins=settings.bot_admins,
            private_sessions=settings.bot_private_sessions,
        ),
        commands=Commands(memory=memory, defaults=defaults(settings), history_days=settings.bot_history_days),
        answerer=Answerer(
            mailbox=mailbox,
            generator=text_generator(settings),
            tokenizer=MixtralTokenizer(),
            boundary=boundary,
            places=Places(settings.model_concurrency),
            defaults=defaults(settings),
            context_tokens=settings.model_context_tokens,
            deadlines=Deadlines(),
            beat=LEASE / 3,
        ),
        drain_seconds=DRAIN,
    )


def text_generator(settings: Settings) -> TextGenerator:
    """A server of one's own, Hugging Face's providers, or the dry run."""
    token = shown(settings.hf_token)
    if not settings.model_url and not token:
        return DryRunGenerator()
    return HuggingFaceGenerator(
        model=settings.model_id,
        url=settings.model_url,
        api=settings.model_api,
        provider=settings.model_provider,
        token=token,
    )
