"""The chat platforms, each with what it needs."""

import logging
from collections.abc import Sequence
from functools import partial
from importlib.util import find_spec

from aiohttp import web

from adapters.composition.secrets import shown
from adapters.configuration import ConfigurationError, Settings
from adapters.platforms.discord.controls import KnownCommands
from adapters.platforms.discord.platform import DiscordPlatform
from adapters.platforms.slack.assembly import Credentials, slack
from bot.display.slots import Slots
from bot.ports import Platform, Store

logger = logging.getLogger(__name__)


def discord_platform(settings: Settings, store: Store, slots: Slots) -> DiscordPlatform:
    """Discord, with its slash commands remembered in the store."""
    records = store.records("discord")
    return DiscordPlatform(
        token=shown(settings.discord_token),
        known_commands=KnownCommands(
            load=partial(records.load, "commands"), save=partial(records.save, "commands")
        ),
        message_content=settings.discord_message_content,
        threads=settings.discord_threads,
        api_url=settings.discord_api_url,
        gateway_url=settings.discord_gateway_url,
        observe=slots.heed,
    )


def web_platform(settings: Settings, store: Store) -> Platform | None:
    """The page. Where the operator did not ask for one, the bot goes on without: `None`.

    Raises `ConfigurationError` and `AddressTaken`.
    """
    asked_for = "web_port" in settings.model_fields_set
    if find_spec("gradio") is None:
        words = (
            "The page in the browser needs more than is installed: pip install 'mixtral-bot[web]', "
            "or set WEB_PORT=0 for no page."
        )
        if asked_for:
            raise ConfigurationError(words)
        logger.warning("%s", words)
        return None
    # An optional part, and nothing of it is there unless it is used.
    from adapters.platforms.web.assembly import web  # noqa: PLC0415
    from adapters.platforms.web.server import AddressTaken  # noqa: PLC0415

    users = {name: shown(secret) for name, secret in settings.web_users.items()}
    if settings.web_password is not None:
        users[""] = shown(settings.web_password)
    try:
        return web(
            host=settings.web_host,
            port=settings.web_port,
            users=users,
            records=store.records("web"),
            history_days=settings.bot_history_days,
        )
    except AddressTaken as taken:
        if asked_for:
            raise
        logger.warning("There is no page in the browser. %s", taken)
        return None


def slack_platform(settings: Settings, store: Store) -> tuple[Platform, Sequence[web.RouteDef]]:
    """Slack, with its installations in the store, and its routes."""
    return slack(
        Credentials(
            bot_token=shown(settings.slack_bot_token),
            app_token=shown(settings.slack_app_token),
            signing_secret=shown(settings.slack_signing_secret),
            client_id=settings.slack_client_id,
            client_secret=shown(settings.slack_client_secret),
        ),
        records=store.records("slack"),
        history_days=settings.bot_history_days,
        streaming=settings.slack_streaming,
        api_url=settings.slack_api_url,
    )
