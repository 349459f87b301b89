"""The client library's exceptions -> what the server said, and what that means for an answer."""

import json
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime

import httpx2
from huggingface_hub.errors import HfHubHTTPError, InferenceTimeoutError, TextGenerationError

from adapters.models.huggingface.failures import Failure, meaning, seconds
from adapters.proxies import way_to
from bot.errors import ModelError, ModelRefused, ModelUnreachable, StreamBroke

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


def model_error(error: Exception, *, started: bool, sent: str) -> ModelError:
    """What `error` means for the answer; `started`: it came after the first word. `sent`: as in `meaning`."""
    if failure := server_failure(error):
        return meaning(failure, sent)
    if started:
        return StreamBroke(type(error).__name__)
    if isinstance(error, httpx2.HTTPError | InferenceTimeoutError):
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


def server_failure(error: Exception) -> Failure | None:
    """What the server said, where it is a server's word that the library raised."""
    if isinstance(error, HfHubHTTPError):
        return _of_response(error.response)
    if isinstance(error, TextGenerationError):
        cause = error.__cause__
        if isinstance(cause, HfHubHTTPError):
            return _of_response(cause.response)
        return Failure(body=_of_event(error))
    return None


def _of_event(error: TextGenerationError) -> object:
    """The error object of a stream's event. Of the type that TGI puts beside it the library makes a class."""
    body = error.args[0] if error.args else None
    return {"error": body, "type": type(error).__name__} if isinstance(body, str) else body or {}


def _of_response(response: httpx2.Response) -> Failure:
    body: object = ""
    with suppress(httpx2.StreamError):
        body = response.text
    with suppress(ValueError, httpx2.StreamError):
        body = response.json()
    return Failure(
        status=response.status_code,
        body=body,
        retry_after=_retry_after(response),
        address=_address(response),
    )


def _retry_after(response: httpx2.Response) -> float | None:
    value = response.headers.get("Retry-After", "")
    if not value:
        return None
    asked = seconds(value)
    if asked is not None:
        return asked
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None
