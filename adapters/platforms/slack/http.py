"""Slack's deliveries over HTTP, signed, on the bot's own server: a `Transport`."""

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from urllib.parse import parse_qs

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from adapters.platforms.slack.limits import BODY_BYTES
from adapters.received import read_json

logger = logging.getLogger(__name__)

PATH = "/slack/events"

_STAMP = re.compile(r"[0-9]{1,15}")

QUIET_SECONDS = 60.0
"""At most one line of log in so many seconds about requests that did not come from Slack."""


class HttpTransport:
    """Events, interactions and commands alike come to one path. Whatever is not signed by Slack is refused
    before anything else is looked at."""

    def __init__(self, signing_secret: str) -> None:
        self._verifier = SignatureVerifier(signing_secret)
        self._app: AsyncApp | None = None
        self._refused = 0
        self._told_at = float("-inf")

    @property
    def connected(self) -> bool:
        """Whether deliveries are taken."""
        return self._app is not None

    def routes(self) -> Sequence[web.RouteDef]:
        """For the bot's HTTP server, which listens before the platform runs."""
        return [web.post(PATH, self._delivery)]

    async def run(self, app: AsyncApp, reached: Callable[[], None]) -> None:
        """Let deliveries in until cancelled."""
        self._app = app
        reached()
        logger.info("taking Slack's events at %s", PATH)
        try:
            await asyncio.Event().wait()
        finally:
            self._app = None

    async def _delivery(self, request: web.Request) -> web.Response:
        if (request.content_length or 0) > BODY_BYTES:
            return web.Response(status=413)
        text = _text(await request.read())
        if text is None or not self._signed(request, text):
            self._log_refused()
            return web.Response(status=401)
        if not _well_formed(text, request.content_type):
            return web.Response(status=400)
        if self._app is None:
            return web.Response(status=503)
        headers: dict[str, str | Sequence[str]] = dict(request.headers)
        answer = await self._app.async_dispatch(AsyncBoltRequest(body=text, headers=headers))
        return await to_aiohttp_response(answer)

    def _signed(self, request: web.Request, body: str) -> bool:
        at = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        # The library raises on what is no number that long, and on a signature that is not ASCII.
        known = _STAMP.fullmatch(at) and signature.isascii()
        return bool(known) and self._verifier.is_valid(body, at, signature)

    def _log_refused(self) -> None:
        self._refused += 1
        now = asyncio.get_running_loop().time()
        if now - self._told_at >= QUIET_SECONDS:
            logger.warning(
                "%d requests to %s were refused: old, or not signed with SLACK_SIGNING_SECRET",
                self._refused,
                PATH,
            )
            self._refused, self._told_at = 0, now


def _text(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _well_formed(text: str, content_type: str) -> bool:
    """Whether bolt can read it: it answers 500, and Slack sends it again, to what is no JSON."""
    try:
        if content_type == "application/json":
            content = read_json(text)
        else:
            form = parse_qs(text, keep_blank_values=True, strict_parsing=True)
            content = read_json(form["payload"][0]) if "payload" in form else form
    except ValueError:
        return False
    return isinstance(content, dict) and _known_shape(content)


def _known_shape(content: dict[str, object]) -> bool:
    if content.get("type") != "event_callback":
        return "type" in content or "command" in content or "ssl_check" in content
    event = content.get("event")
    return isinstance(event, dict) and isinstance(event.get("type"), str)
