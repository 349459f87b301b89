"""What the operator has decided, as the bot's parts take it."""

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.configuration import Settings
from adapters.quotas import quota
from bot.conversation.requests import Quota
from bot.service.admission import Admission


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`quota`: one person's; `by_address`: on which platforms an address has one, too. `places`: answers that
    are written at once; `most_waiting`: questions that may wait for a place, 0 for any number. `everyone`:
    anybody in a channel may change its settings. `shutdown_seconds`: for running answers to end when the bot
    is told to stop. `catch_up`: seconds back to which what was said while the bot was away is answered."""

    admission: Admission
    quota: Quota
    by_address: Mapping[str, Quota]
    places: int
    most_waiting: int
    everyone: bool
    history_days: int
    shutdown_seconds: float
    catch_up: float


def rules(settings: Settings) -> Rules:
    """Those of the configuration."""
    return Rules(
        admission=Admission(
            allowed_servers=settings.bot_allowed_servers,
            allowed_channels=settings.bot_allowed_channels,
            allowed_users=settings.bot_allowed_users,
            allowed_roles=settings.bot_allowed_roles,
            blocked_users=settings.bot_blocked_users,
            admins=settings.bot_admins,
            private_sessions=settings.bot_private_sessions,
            strangers=settings.bot_allow_strangers,
        ),
        quota=quota(settings.bot_user_quota),
        by_address={
            platform.name: quota(getattr(settings, platform.quota))
            for platform in settings.platforms
            if platform.quota
        },
        places=settings.model_concurrency,
        most_waiting=settings.model_queue,
        everyone=settings.bot_channel_settings == "everyone",
        history_days=settings.bot_history_days,
        shutdown_seconds=settings.shutdown_seconds,
        catch_up=catch_up(settings),
    )


def catch_up(settings: Settings) -> float:
    """Seconds."""
    return settings.bot_catch_up * 60.0
