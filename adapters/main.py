"""The composition root and the command line: reads from top to bottom, and nothing imports it."""

import asyncio
import json
import os
import signal
import stat
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Annotated

import typer
import yaml
from aiohttp import web
from pydantic import SecretStr
from redis.asyncio import Redis
from rich.console import Console

from adapters.console.platform import ConsolePlatform
from adapters.discord.controls import KnownCommands
from adapters.discord.invite import invite
from adapters.discord.platform import DiscordPlatform
from adapters.dry_run import DryRunGenerator
from adapters.environment import ConfigurationError, Settings, load_settings
from adapters.graphemes import boundary
from adapters.http import HttpServer
from adapters.huggingface import HuggingFaceGenerator
from adapters.logs import configure_logging
from adapters.redis.budget import RedisBudget
from adapters.redis.mailbox import RedisMailbox
from adapters.redis.memory import RedisMemory
from adapters.redis.quota import UserQuota
from adapters.redis.records import Records
from adapters.redis.server import redis_client
from adapters.slack.assembly import Credentials, slack
from adapters.slack.manifest import PLACEHOLDER, manifest
from adapters.tokenizer import MixtralTokenizer
from bot.admission import Admission, Places
from bot.answer import Answerer
from bot.commands import Commands
from bot.errors import MixtralBotError
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

GETTING_STARTED = """\
No chat platform is set up yet, so this is the terminal chat. To go on:
  Discord   set DISCORD_TOKEN in .env (README: Discord in five minutes)
  Slack     set SLACK_BOT_TOKEN and SLACK_APP_TOKEN (README: Slack in five minutes)
  a model   set MODEL_URL, or HF_TOKEN for Hugging Face's providers
Without a model you see what it would have been sent. Ctrl-D ends."""

commands = typer.Typer(
    name="mixtral-bot",
    help="Talk to Mixtral-8x7B-Instruct on Discord, Slack or in a terminal. Without a command: run the bot.",
    add_completion=False,
)
notes = Console(stderr=True, highlight=False)


@commands.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """Run the bot when no other command is given."""
    if context.invoked_subcommand is None:
        run()


@commands.command()
def run() -> None:
    """Run the bot on every platform whose token is set."""
    settings = load_settings(os.environ)
    if settings.discord_token is not None or settings.slack:
        start(settings, console=False)
    elif somebody_types():
        notes.print(GETTING_STARTED)
        start(settings, console=True)
    else:
        raise ConfigurationError(
            "No chat platform is set up: set DISCORD_TOKEN, or SLACK_BOT_TOKEN and SLACK_APP_TOKEN, in .env."
        )


@commands.command()
def chat() -> None:
    """Chat in the terminal, or answer each line of a pipe."""
    start(load_settings(os.environ), console=True)


@commands.command()
def slack_manifest(
    http: Annotated[bool, typer.Option(help="For HTTP instead of Socket Mode.")] = False,
    url: Annotated[str, typer.Option(help="Where Slack reaches the bot over HTTP.")] = PLACEHOLDER,
    installable: Annotated[bool, typer.Option(help="For many workspaces, installed by OAuth.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON instead of YAML.")] = False,
) -> None:
    """Print the manifest to make a Slack app from."""
    content = manifest("http" if http else "socket", url=url, installable=installable)
    print(json.dumps(content, indent=2) if as_json else yaml.safe_dump(content, sort_keys=False), end="")


@commands.command()
def discord_invite(
    application: Annotated[str, typer.Argument(help="The application's id, from the developer portal.")],
) -> None:
    """Print the link that invites the bot to a Discord server."""
    if not application.isdecimal():
        raise typer.BadParameter("the application's id is a number, on its General Information page.")
    print(invite(application))


def somebody_types() -> bool:
    """Whether standard input is a terminal, a pipe or a file: not nothing at all."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError):
        return False
    return sys.stdin.isatty() or stat.S_ISFIFO(mode) or stat.S_ISREG(mode)


def start(settings: Settings, *, console: bool) -> None:
    """Run on an event loop until told to stop."""
    configure_logging("WARNING" if console else settings.log_level, settings.log_format)
    asyncio.run(serve(settings, console=console))


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
