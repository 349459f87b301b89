"""How the local Slack hands things to the bot: over websockets that the bot opens, or by signed HTTP."""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from tests.servers.slack.world import Payload, World

KINDS = {"event": "events_api", "slash": "slash_commands", "interactive": "interactive"}


@dataclass(slots=True, kw_only=True, eq=False)
class Delivery:
    """One attempt to hand something over. Times on the loop's clock; `acknowledged_at` 0.0: never."""

    kind: str
    payload: Payload
    attempt: int
    envelope: str
    at: float
    acknowledged_at: float = 0.0
    status: int = 0
    body: Any = None
    socket: web.WebSocketResponse | None = field(default=None, repr=False)
    done: asyncio.Event = field(default_factory=asyncio.Event, repr=False)


MOST_SOCKETS = 10
"""Connections of an app. Documented: "Using Socket Mode"."""


class Transports:
    """`events_url` set: by HTTP; else over one of the open sockets, at random. `refused`: connections that
    were one too many."""

    def __init__(self, world: World, signing_secret: str) -> None:
        self._world = world
        self._signing_secret = signing_secret
        self.events_url = ""
        self.retry_after = 3.0
        self.retry_pauses = (0.1, 0.3, 0.5)
        self.sockets: list[web.WebSocketResponse] = []
        self.deliveries: list[Delivery] = []
        self._sent: dict[str, Delivery] = {}
        self.hellos = 0
        self.most_connected = 0
        self.refused = 0
        self._connected = asyncio.Event()
        self._client: aiohttp.ClientSession | None = None

    async def deliver(self, kind: str, payload: Payload, *, attempt: int = 0) -> Delivery:
        """Hand it over once."""
        delivery = Delivery(
            kind=kind,
            payload=payload,
            attempt=attempt,
            envelope=f"envelope-{self._world.number()}",
            at=asyncio.get_running_loop().time(),
        )
        self.deliveries.append(delivery)
        if self.events_url:
            await self._post(delivery)
        else:
            await self._send(delivery)
        self._world.ring()
        return delivery

    async def deliver_until_taken(self, payload: Payload) -> Delivery:
        """An event: handed over again, three times at most, while it is not acknowledged."""
        delivery = await self.deliver("event", payload)
        for attempt, pause in enumerate(self.retry_pauses, 1):
            if delivery.acknowledged_at:
                break
            await asyncio.sleep(pause)
            delivery = await self.deliver("event", payload, attempt=attempt)
        return delivery

    def signed(self, body: bytes, *, at: float | None = None, secret: str | None = None) -> dict[str, str]:
        stamp = str(int(time.time() if at is None else at))
        signature = SignatureVerifier(secret or self._signing_secret).generate_signature(
            timestamp=stamp, body=body
        )
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature or ""}

    async def _post(self, delivery: Delivery) -> None:
        if delivery.kind == "event":
            body, content_type = json.dumps(delivery.payload).encode(), "application/json"
        else:
            form = delivery.payload if delivery.kind == "slash" else {"payload": json.dumps(delivery.payload)}
            body, content_type = urlencode(form).encode(), "application/x-www-form-urlencoded"
        headers = {**self.signed(body), "Content-Type": content_type}
        if delivery.attempt:
            headers |= {"X-Slack-Retry-Num": str(delivery.attempt), "X-Slack-Retry-Reason": "http_timeout"}
        self._client = self._client or aiohttp.ClientSession()
        with suppress(aiohttp.ClientError, TimeoutError):
            async with (
                asyncio.timeout(self.retry_after),
                self._client.post(self.events_url, data=body, headers=headers) as response,
            ):
                text = await response.text()
                delivery.status = response.status
                if response.ok:
                    delivery.acknowledged_at = asyncio.get_running_loop().time()
                    delivery.body = json.loads(text) if text.startswith("{") else text

    async def _send(self, delivery: Delivery) -> None:
        await self._connected.wait()
        delivery.socket = socket = self._world.chance.choice(self.sockets)
        self._sent[delivery.envelope] = delivery
        envelope = {
            "envelope_id": delivery.envelope,
            "payload": delivery.payload,
            "type": KINDS[delivery.kind],
            "accepts_response_payload": delivery.kind != "event",
            "retry_attempt": delivery.attempt,
            "retry_reason": "timeout" if delivery.attempt else "",
        }
        with suppress(ConnectionError):
            await socket.send_json(envelope)
        with suppress(TimeoutError):
            async with asyncio.timeout(self.retry_after):
                await delivery.done.wait()

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """A connection of Socket Mode, as `apps.connections.open` gives its address."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self.sockets) >= MOST_SOCKETS:
            self.refused += 1
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.sockets.append(socket)
        self.hellos += 1
        self.most_connected = max(self.most_connected, len(self.sockets))
        self._connected.set()
        await socket.send_json(
            {"type": "hello", "num_connections": len(self.sockets), "connection_info": {"app_id": "A1"}}
        )
        self._world.ring()
        try:
            async for message in socket:
                if message.type == aiohttp.WSMsgType.TEXT:
                    self._acknowledged(json.loads(message.data), socket)
        finally:
            if socket in self.sockets:
                self._forget(socket)
        return socket

    async def disconnect(self, reason: str, *, warn: bool) -> None:
        """Renew every connection: those that are open are told and closed."""
        for socket in list(self.sockets):
            self._forget(socket)
            if warn:
                with suppress(ConnectionError):
                    await socket.send_json({"type": "disconnect", "reason": reason})
                await asyncio.sleep(0.1)
            await socket.close()

    async def close(self) -> None:
        for socket in list(self.sockets):
            self._forget(socket)
            await socket.close()
        if self._client is not None:
            await self._client.close()

    def _acknowledged(self, answer: Payload, socket: web.WebSocketResponse) -> None:
        """Only the connection that got an envelope can acknowledge it."""
        delivery = self._sent.get(str(answer.get("envelope_id")))
        if delivery is not None and delivery.socket is socket:
            delivery.acknowledged_at = asyncio.get_running_loop().time()
            delivery.status, delivery.body = 200, answer.get("payload")
            delivery.done.set()

    def _forget(self, socket: web.WebSocketResponse) -> None:
        self.sockets.remove(socket)
        if not self.sockets:
            self._connected.clear()
        for delivery in self._sent.values():
            if delivery.socket is socket:
                delivery.done.set()
