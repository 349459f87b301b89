"""What goes wrong at Slack, as the bot's own errors."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import Gone, PlatformError, PlatformFailed, TooFast

PASSING = frozenset(
    {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
)
"""Slack's own troubles, from its methods' lists of errors: the same call may well succeed later."""

TOKEN_ERRORS = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})

NOT_HERE = frozenset(
    {
        "unknown_method",
        "not_an_agent",
        "missing_scope",
        "not_allowed_token_type",
        "method_not_supported_for_channel_type",
        "feature_not_enabled",
        "not_allowed",
        "access_denied",
        "no_permission",
        "channel_type_not_supported",
    }
)
"""Errors of a method that will not go away by themselves in a workspace."""

DEFAULT_PAUSE = 30.0
"""Seconds to stay away when Slack does not say for how long."""


class SlackRefused(PlatformError):
    """Slack does not let the bot in; the message is the remedy, in one line."""


class Refused(Gone):
    """Slack says no, and would say so again. `code`: its word for why."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(f"Slack answered {status}, {code}")
        self.code = code


@contextmanager
def slack_errors() -> Iterator[None]:
    """Library exceptions, as ours. Only codes are kept of them: their texts may quote a whole answer.

    What Slack refuses for good ends the answer; what may pass is tried again.
    """
    try:
        yield
    except SlackApiError as theirs:
        code, status = _code(theirs), _status(theirs)
        if status == 429 or code == "ratelimited":
            raise TooFast(_pause(theirs)) from theirs
        if status >= 500 or code in PASSING:
            raise PlatformFailed(f"Slack answered {status}, {code}") from theirs
        raise Refused(code, status) from theirs
    except (SlackClientError, aiohttp.ClientError, OSError, ValueError) as theirs:
        raise PlatformFailed(f"Slack was not reached: {type(theirs).__name__}") from theirs


def place_of(error: BaseException) -> str:
    """Where a fault of ours arose, without its words: those may be people's."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name}"


def _code(theirs: SlackApiError) -> str:
    """Slack's word for what went wrong; `html` where the answer is not in its own terms."""
    data = getattr(theirs.response, "data", None)
    error = data.get("error") if isinstance(data, dict) else None
    return str(error) if error else "html"


def _status(theirs: SlackApiError) -> int:
    """slack_sdk gives its own response, or aiohttp's where the body was no JSON."""
    response = theirs.response
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0))


def _pause(theirs: SlackApiError) -> float:
    try:
        return float(theirs.response.headers["Retry-After"])
    except (KeyError, ValueError):
        return DEFAULT_PAUSE
