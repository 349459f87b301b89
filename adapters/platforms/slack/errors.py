"""What goes wrong at Slack, as the bot's own errors: what it refuses, by the table of refusals."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import aiohttp
import yarl
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.platforms.slack.refusals import INSTALL, NONE, REFUSALS, Kind, Refusal
from adapters.received import read_wait
from bot.errors import AccessLost, ContentRefused, Forbidden, Gone, PlatformError, PlatformFailed, TooFast

DEFAULT_PAUSE = 30.0
"""Seconds to stay away when Slack does not say for how long."""


PAGE = "html"
"""In place of a code, where the answer does not speak in Slack's terms."""

WORD = re.compile(r"[a-z0-9_.:,-]{1,100}")
"""A code, or scopes."""


class SlackRefused(PlatformError):
    """Slack does not let the bot in; the message is the remedy, in one line."""


class Refused(PlatformError):
    """Slack says no, and would say so again."""

    def __init__(self, row: Refusal, detail: str, status: int = 200) -> None:
        super().__init__(detail)
        self.row = row
        self.status = status

    @property
    def code(self) -> str:
        """Slack's word for why."""
        return self.row.code

    @property
    def lasting(self) -> bool:
        """Whether it is for the whole workspace, and not for want of a token."""
        return self.row.kind in (Kind.APP, Kind.ACCESS) and self.row.remedy != INSTALL


class PlaceRefused(Refused, Forbidden):
    """To write there, to that person, or to do so at all."""


class AccessRefused(Refused, AccessLost):
    """To the app itself."""


class TextRefused(Refused, ContentRefused):
    """This text; or something beside it, where there is no other way."""

    def __init__(self, row: Refusal, detail: str, status: int = 200) -> None:
        ContentRefused.__init__(self, detail, blocked=row.kind is Kind.BLOCKED)
        self.row = row
        self.status = status


class NotThere(Refused, Gone):
    """It is gone."""


def refusal(code: str, status: int = 200, *, needed: str = "") -> PlatformError:
    """What a code says, as an error. `needed`: the scope that the token lacks, where Slack names it.

    A code that this version does not know is taken for one of the text: it would come again.
    """
    row = REFUSALS.get(code) or Refusal(Kind.TEXT, NONE, "", "", code, "a reason that is not known here")
    lacks = f" ({needed})" if needed else ""
    detail = f"Slack answered {status}, {code}: {row.meaning}{lacks}. {row.remedy}".rstrip()
    match row.kind:
        case Kind.TOO_FAST:
            return TooFast(DEFAULT_PAUSE)
        case Kind.FAILING:
            return PlatformFailed(detail)
        case Kind.GONE:
            return NotThere(row, detail, status)
        case Kind.ACCESSORY | Kind.TEXT | Kind.BLOCKED:
            return TextRefused(row, detail, status)
        case Kind.PLACE | Kind.APP:
            return PlaceRefused(row, detail, status)
        case Kind.ACCESS:
            return AccessRefused(row, detail, status)


@contextmanager
def slack_errors() -> Iterator[None]:
    """Library exceptions, as ours. Only codes are kept of them: their texts may quote a whole answer."""
    try:
        yield
    except SlackApiError as theirs:
        status, answer = _status(theirs), _answer(theirs)
        code = _word(answer.get("error")) or PAGE
        if status == 429 or code == "ratelimited":
            raise TooFast(_pause(theirs)) from theirs
        if status >= 500:
            raise PlatformFailed(f"Slack answered {status}, {code}") from theirs
        raise refusal(code, status, needed=_word(answer.get("needed"))) from theirs
    except (SlackClientError, aiohttp.ClientError, OSError, ValueError) as theirs:
        raise PlatformFailed(f"Slack was not reached: {type(theirs).__name__}") from theirs


@contextmanager
def entering(address: str, *, what: str, remedy: str) -> Iterator[None]:
    """The first calls of a start. Where Slack refuses, `SlackRefused` says what and the remedy; where
    something else than Slack answers, `PlatformFailed` says that, as it may pass: a login page, say."""
    try:
        with slack_errors():
            yield
    except Refused as refused:
        if refused.code == PAGE:
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


def _answer(theirs: SlackApiError) -> Mapping[str, Any]:
    """Slack's own; empty where what answered does not speak in its terms."""
    data = getattr(theirs.response, "data", None)
    return data if isinstance(data, dict) else {}


def _word(said: object) -> str:
    """A word of Slack's, or some with commas between; "" for anything else: a sentence may quote people."""
    return said if isinstance(said, str) and WORD.fullmatch(said) else ""


def _status(theirs: SlackApiError) -> int:
    """slack_sdk gives its own response, or aiohttp's where the body was no JSON."""
    response = theirs.response
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0))


def _pause(theirs: SlackApiError) -> float:
    try:
        return read_wait(theirs.response.headers["Retry-After"])
    except (KeyError, ValueError):
        return DEFAULT_PAUSE
