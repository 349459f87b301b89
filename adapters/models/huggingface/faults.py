"""What a server or provider says when it fails -> `bot.errors`; no token and no prompt gets into a text."""

import json
import re
import time
from collections.abc import Collection
from email.utils import parsedate_to_datetime
from typing import Any, TypeGuard

import httpx2
from huggingface_hub.errors import (
    GenerationError,
    HfHubHTTPError,
    InferenceTimeoutError,
    OverloadedError,
    TextGenerationError,
    ValidationError,
)

from adapters.proxies import way_to
from bot.errors import (
    ContextTooLong,
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelUnreachable,
    ModelWaking,
    NoCredits,
    StreamBroke,
    TokenRefused,
    UnknownModel,
)

LIBRARY_ERRORS = (
    httpx2.HTTPError,
    httpx2.StreamError,
    httpx2.InvalidURL,
    json.JSONDecodeError,
    HfHubHTTPError,
    InferenceTimeoutError,
    TextGenerationError,
    # The library's own for "no such provider", "not served as this task", a payload of another shape.
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    StopAsyncIteration,
)

TOO_LONG = (
    "context length",
    "context window",
    "context size",
    "maximum context",
    "too long",
    "max_total_tokens",
)
UNKNOWN_MODEL = (
    "model_not_found",
    "not supported by any provider",
    # transformers' server, with status 400.
    "server is pinned to",
)
NAMED = r"""(?:["'`]|\b(?:field|parameter|argument)s?\W+){}\b"""
"""How a refusal names a field: in quotes, or as one. "seed" and "stop" are words of every day, which what is
refused may quote."""

TOO_LONG_TGI = "`inputs` tokens + `max_new_tokens`"


def model_error(error: Exception, *, started: bool) -> ModelError:
    """What `error` means for the answer; `started`: it came after the first word."""
    if isinstance(error, OverloadedError):
        return ModelBusy("the server says that it is overloaded")
    if isinstance(error, ValidationError):
        return _refused(str(error), 422)
    if isinstance(error, HfHubHTTPError):
        return _by_status(error.response)
    if started:
        return StreamBroke(type(error).__name__)
    if isinstance(error, GenerationError | TextGenerationError | httpx2.HTTPError | InferenceTimeoutError):
        return ModelUnreachable(f"{type(error).__name__}{_way(error)}")
    if isinstance(error, json.JSONDecodeError | httpx2.StreamError):
        return ModelUnreachable("the server's answer could not be read; is MODEL_URL right?")
    return ModelRefused(type(error).__name__)


def _address(response: httpx2.Response) -> str:
    """What was asked, without what an address may hold of a password."""
    try:
        return str(response.request.url.copy_with(userinfo=b"", query=None))
    except RuntimeError:  # one that no request led to
        return "nowhere"


def _way(error: Exception) -> str:
    """Through which proxy it was not reached, where through one."""
    try:
        return way_to(str(error.request.url)) if isinstance(error, httpx2.RequestError) else ""
    except RuntimeError:  # one that arose without a request
        return ""


def _by_status(response: httpx2.Response) -> ModelError:
    status = response.status_code
    body = _body(response)
    text = json.dumps(body).lower() if body else ""
    if status in (401, 403):
        return TokenRefused(f"HTTP {status}")
    if status == 402:
        return NoCredits("HTTP 402")
    if status == 404 or any(words in text for words in UNKNOWN_MODEL):
        return UnknownModel(f"HTTP {status} from {_address(response)}")
    if status == 429:
        return ModelBusy("HTTP 429", retry_after=_retry_after(response))
    if status == 503 and "estimated_time" in body:
        return ModelWaking("HTTP 503", estimated=_number(body["estimated_time"]))
    if status == 503:
        return ModelBusy("HTTP 503", retry_after=_retry_after(response))
    if status >= 500:
        return ModelUnreachable(f"HTTP {status}")
    return _refused(text, status)


def _refused(text: str, status: int) -> ModelError:
    lowered = text.lower()
    if TOO_LONG_TGI in lowered or any(words in lowered for words in TOO_LONG):
        return ContextTooLong(f"HTTP {status}")
    return ModelRefused(f"HTTP {status}")


def refused_fields(error: Exception, fields: Collection[str]) -> frozenset[str]:
    """Those of these fields because of which a server refuses a request, as far as it names them."""
    if not _refuses(error):
        return frozenset()
    return frozenset(field for field in fields if re.search(NAMED.format(field), error.response.text))


def refuses_unnamed(error: Exception) -> bool:
    """Whether a server refuses a request and names nothing that would explain it."""
    return _refuses(error) and type(model_error(error, started=False)) is ModelRefused


def _refuses(error: Exception) -> TypeGuard[HfHubHTTPError]:
    if not isinstance(error, HfHubHTTPError) or error.response.status_code not in (400, 422):
        return False
    # What is too long may be quoted, with any word in it.
    return not isinstance(model_error(error, started=False), ContextTooLong | UnknownModel)


def _body(response: httpx2.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except (ValueError, httpx2.StreamError):
        return {}
    return body if isinstance(body, dict) else {}


def _retry_after(response: httpx2.Response) -> float | None:
    value = response.headers.get("Retry-After", "")
    if not value:
        return None
    seconds = _number(value)
    if seconds is not None:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None


def _number(value: object) -> float | None:
    try:
        return max(0.0, float(value))  # type: ignore[arg-type]  # what is no number raises
    except (TypeError, ValueError):
        return None
