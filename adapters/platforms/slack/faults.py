"""What goes wrong at Slack, as the bot's own errors."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import yarl
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
        self.status = status


@contextmanager
def faults() -> Iterator[None]:
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


@contextmanager
def entering(address: str, *, what: str, remedy: str) -> Iterator[None]:
    """The first calls of a start. Where Slack refuses, `SlackRefused` says what and the remedy; where
    something else than Slack answers, `PlatformFailed` says that, as it may pass: a login page, say."""
    try:
        with faults():
            yield
    except Refused as refused:
        if refused.code == "html":
            raise _not_slacks(address, f"{refused.status} and a page") from refused
        raise SlackRefused(f"{what} ({refused.code}). {remedy}") from refused
    except LookupError as theirs:
        raise _not_slacks(address, f"an object without {theirs}") from theirs
    except (TypeError, AttributeError) as theirs:
        raise _not_slacks(address, "something that is no object") from theirs


def _not_slacks(address: str, what: str) -> PlatformFailed:
    public = yarl.URL(address).with_user(None)
    return PlatformFailed(
        f"{public} answered with {what}. Is there a login page or a proxy before Slack, "
        "and is SLACK_API_URL right?"
    )


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
