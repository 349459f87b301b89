"""What a model server says when it fails -> `bot.errors`. It knows no client library.

A failure is a status with a body, or an error object in a stream that began well.
"""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from adapters.models.huggingface.reason import places, reason, words_of
from bot.errors import (
    ContextTooLong,
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelUnreachable,
    ModelWaking,
    NoCredits,
    TokenRefused,
    UnknownModel,
)

TOO_LONG = re.compile(
    r"context[ _](length|window|size|shift)|maximum context|too long|max_total_tokens"
    r"|`inputs` tokens \+ `max_new_tokens`|prompt is longer|too many (input )?tokens"
    r"|exceed\w* .{0,60}\btokens"
)
UNKNOWN_MODEL = re.compile(
    r"model_?not_?found|not supported by any provider"
    r"|server is pinned to"  # transformers' server, with status 400
    r"|(invalid|unknown|unrecognized|no such|nonexistent|unsupported) (model|engine)\b"
    r"(?! (output|response|kwargs|arg))"
    r"|\b(model|engine)\b[^.;\n]{0,160}?(not found|not exist|doesn.t exist|\bis(n.t| not)( a)?"
    r" (available|supported|served|valid|loaded|deployed|recognized|known))"
    r"|no (healthy )?deployments? (available )?for|not a valid model|does not have (a |the )?model"
)
NO_CREDITS = re.compile(
    r"insufficient[_ ](quota|credits?|funds|balance)|credits? (are |is )?(used up|exceeded)|billing"
)
BUSY = re.compile(r"overload|rate[ _-]?limit|too many requests|at capacity|queue is full|server_?busy")
TOKEN = re.compile(
    r"unauthori[sz]ed|authentication|(invalid|incorrect|missing)[ _]api[ _]?key|permission[_ ]denied"
)

VALUE = re.compile(
    r"must be|should be|at most|at least|between|out of range"
    r"|too (large|small|high|low|big)|(less|greater)[ _]than"
)
"""A server minds the value of a field, not the field."""

NAMED = (
    r"(?:[\"'`]|\b(?:field|parameter|param|argument|input|option)s?\W+){0}\b"
    r"|(?<!\w){0}(?:[\"'`]| (?:must|should|is not|isn't)\b|:)"
)
"""How a refusal names a field: in quotes, as one, or as what it minds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """`status` 0: it came within a stream. `body`: decoded JSON, or the text that came instead.
    `address`: what was asked."""

    status: int = 0
    body: object = None
    retry_after: float | None = None
    address: str = ""

    @property
    def words(self) -> str:
        """What it says for itself, for comparing."""
        return words_of(self.body)

    @property
    def code(self) -> int:
        """Its status; of an error object, the one that it names."""
        named = self.body.get("code") if isinstance(self.body, dict) else None
        if self.status or not isinstance(named, int | str) or not str(named).isdecimal():
            return self.status
        return int(named)

    @property
    def is_bare(self) -> bool:
        """Whether it says that the request is bad, and not why: so gateways pass on what they were told."""
        return self.status in (400, 422) and isinstance(meaning(self, ""), ModelRefused)

    @property
    def minds_a_value(self) -> bool:
        """Whether it is about what was sent in a field, not about the field."""
        return bool(VALUE.search(self.words))

    def refused(self, fields: Iterable[str]) -> tuple[str, ...]:
        """Those of the request's fields that the server refuses it for."""
        if self.status not in (400, 422) or isinstance(meaning(self, ""), ContextTooLong):
            return ()
        return tuple(field for field in fields if self._names(field))

    def _names(self, field: str) -> bool:
        """Whether it is said of this field. "seed" and "stop" are words of every day too, which what is
        refused may quote."""
        if "_" in field:
            return bool(re.search(rf"(?<!\w){field}(?!\w)", self.words))
        return field in places(self.body) or bool(re.search(NAMED.format(field), self.words))


class ServerSaid(Exception):
    """A server has answered a question with a failure."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"HTTP {failure.status}")
        self.failure = failure


def meaning(failure: Failure, sent: str) -> ModelError:
    """What it means for the answer. `sent`: the request's words, of which nothing gets into the error's text.

    A key that is refused is not repeated either, as some servers do.
    """
    code, words = failure.code, failure.words
    head = f"HTTP {code}" if code else ""
    why = reason(failure.body, sent)
    detail = ": ".join(part for part in (head, why) if part)
    if code in (401, 403) or (not code and TOKEN.search(words)):
        return TokenRefused(f"HTTP {code}" if code else "the server wants another key")
    if code == 402 or NO_CREDITS.search(words):
        return NoCredits(detail)
    if code in (0, 400, 413, 422, 500) and TOO_LONG.search(words):
        return ContextTooLong(detail)
    if code == 404 or (code < 500 and UNKNOWN_MODEL.search(words)):
        asked = f"{head} from {failure.address}" if failure.address else head
        return UnknownModel(": ".join(part for part in (asked, why) if part))
    estimated = failure.body.get("estimated_time") if isinstance(failure.body, dict) else None
    if code == 503 and estimated is not None:
        return ModelWaking(detail, estimated=seconds(estimated))
    if code in (429, 503, 529) or (not code and BUSY.search(words)):
        return ModelBusy(detail, retry_after=failure.retry_after)
    if code >= 500 or not (code or "validation" in words or "invalid_request" in words):
        return ModelUnreachable(detail)
    return ModelRefused(detail)


def seconds(value: object) -> float | None:
    """A number of seconds that a server names; None for no number."""
    try:
        return max(0.0, float(value))  # type: ignore[arg-type]  # what is no number raises
    except (TypeError, ValueError):
        return None


def retry_after(value: str) -> float | None:
    """Seconds that a `Retry-After` header asks for, as a number or a date; None for neither."""
    if not value:
        return None
    asked = seconds(value)
    if asked is not None:
        return asked
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None
