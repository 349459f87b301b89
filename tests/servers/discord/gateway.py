"""The gateway: one WebSocket per connection, sessions that outlive it, events replayed on RESUME."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import WSCloseCode, WSMsgType, web

from tests.servers.discord import payloads
from tests.servers.discord.sharding import Shard, Sharding
from tests.servers.discord.world import Channel, Message, Payload, World

GUILDS, GUILD_MEMBERS, GUILD_PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 9, 1 << 12
GUILD_REACTIONS, DIRECT_REACTIONS = 1 << 10, 1 << 13
PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | payloads.MESSAGE_CONTENT

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 0, 1, 2, 6, 9, 10, 11
UNKNOWN_ERROR, NOT_AUTHENTICATED, WRONG_TOKEN, DISALLOWED_INTENTS = 4000, 4003, 4004, 4014


@dataclass(slots=True, kw_only=True)
class Session:
    """What a client was sent since it identified; `outbox` is `None` while it is not connected."""

    id: str
    shard: Shard
    intents: int
    outbox: asyncio.Queue[Payload] | None
    sent: list[Payload] = field(default_factory=list)

    def dispatch(self, event: str, content: Payload) -> None:
        frame = {"op": DISPATCH, "t": event, "s": len(self.sent) + 1, "d": content}
        self.sent.append(frame)
        if self.outbox is not None:
            self.outbox.put_nowait(frame)


class Gateway:
    """Tells every session what happens in the world, as far as its intents go.

    `privileged`: the privileged intents that the application was granted; asking for others ends the
    connection with 4014. `identified` and `resumed` count how sessions began and went on, `waiting` the
    connections that `away` keeps outside. `heard`: the ids of the messages that any client was sent.
    """

    def __init__(self, world: World, token: str, privileged: int, sharding: Sharding) -> None:
        self.sharding = sharding
        self._world = world
        self._token = token
        self._privileged = privileged
        self._sessions: dict[str, Session] = {}
        self._sockets: set[web.WebSocketResponse] = set()
        self._reachable = asyncio.Event()
        self._reachable.set()
        self.base = ""
        self.url = ""
        self.waiting = 0
        self.heard: set[str] = set()
        self.identified = 0
        self.resumed = 0

    @property
    def connected(self) -> list[Shard]:
        """The shards that somebody listens to, by their numbers; one twice where two do."""
        shards = [each.shard for each in self._sessions.values() if each.outbox is not None]
        return sorted(shards, key=lambda shard: (shard.count, shard.number))

    def tell(self, event: str, content: Payload, intent: int) -> None:
        """Send an event to the sessions that asked for its kind, of the shard that it happens in."""
        guild = content["id"] if event.startswith("GUILD") else content.get("guild_id", "")
        for session in self._sessions.values():
            if session.intents & intent and session.shard.hears(guild):
                session.dispatch(event, content)

    def garble(self, shard: Shard) -> None:
        """Tell whoever listens to a shard what no library can read."""
        for session in self._sessions.values():
            if session.shard == shard:
                session.dispatch("READY", {})

    def tell_message(self, event: str, message: Message) -> None:
        """Send MESSAGE_CREATE or MESSAGE_UPDATE, the content blanked for those who may not read it."""
        wanted = DIRECT_MESSAGES if message.channel.direct else GUILD_MESSAGES
        guild = self._world.guild_of(message.channel)
        for session in self._sessions.values():
            if session.intents & wanted and session.shard.hears(guild):
                granted = bool(session.intents & payloads.MESSAGE_CONTENT)
                shape = payloads.message_event(self._world, self.base, message, granted=granted)
                session.dispatch(event, shape)
                if session.outbox is not None:
                    self.heard.add(message.id)

    def tell_thread(self, thread: Channel) -> None:
        """Send THREAD_CREATE."""
        shape = payloads.channel(self._world, thread)
        self.tell("THREAD_CREATE", shape | {"newly_created": True}, GUILDS)

    @asynccontextmanager
    async def away(self, *, forget: bool = False, code: int = UNKNOWN_ERROR) -> AsyncIterator[None]:
        """Cut every connection and let none in until the block ends. `forget`: sessions cannot be resumed.
        `code`: the reason that is given."""
        self._reachable.clear()
        for session in self._sessions.values():
            session.outbox = None
        if forget:
            self._sessions.clear()
        try:
            for socket in tuple(self._sockets):
                await socket.close(code=code)
            yield
        finally:
            self._reachable.set()

    async def close(self) -> None:
        """End every connection for good."""
        self._reachable.set()
        for socket in tuple(self._sockets):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """One client's connection, from HELLO to its end."""
        self.waiting += 1
        self._world.changed()
        await self._reachable.wait()
        self.waiting -= 1
        socket = web.WebSocketResponse(timeout=1.0)
        try:
            await socket.prepare(request)
        except ConnectionError:
            return socket  # it did not wait for so long
        self._sockets.add(socket)
        outbox: asyncio.Queue[Payload] = asyncio.Queue()
        outbox.put_nowait({"op": HELLO, "d": {"heartbeat_interval": 41_250}})
        writer = asyncio.create_task(_write(socket, outbox))
        session: Session | None = None
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    session = await self._take(socket, outbox, session, json.loads(frame.data))
        finally:
            self._sockets.discard(socket)
            writer.cancel()
            if session is not None and session.outbox is outbox:
                session.outbox = None
                if socket.close_code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY):
                    self._sessions.pop(session.id, None)
            self._world.changed()
        return socket

    async def _take(
        self,
        socket: web.WebSocketResponse,
        outbox: asyncio.Queue[Payload],
        session: Session | None,
        frame: Payload,
    ) -> Session | None:
        operation = frame["op"]
        if operation == IDENTIFY:
            return await self._identify(socket, outbox, frame["d"])
        if operation == RESUME:
            return await self._resume(socket, outbox, frame["d"])
        if operation == HEARTBEAT:
            outbox.put_nowait({"op": HEARTBEAT_ACK})
        elif session is None:
            await socket.close(code=NOT_AUTHENTICATED)
        return session

    async def _identify(
        self, socket: web.WebSocketResponse, outbox: asyncio.Queue[Payload], identity: Payload
    ) -> Session | None:
        if identity["token"] != self._token:
            await socket.close(code=WRONG_TOKEN, message=b"Authentication failed.")
            return None
        intents = int(identity["intents"])
        if intents & PRIVILEGED & ~self._privileged:
            await socket.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
            return None
        shard = Shard.of(identity)
        if (code := self.sharding.code(shard)) is not None:
            await socket.close(code=code, message=b"Invalid shard, or sharding required.")
            return None
        if not self.sharding.takes(shard, asyncio.get_running_loop().time()):
            outbox.put_nowait({"op": INVALID_SESSION, "d": False})
            return None
        guilds = [guild for guild in self._world.guilds if shard.hears(guild)]
        session = Session(id=f"session-{self._world.next_id()}", shard=shard, intents=intents, outbox=outbox)
        self._sessions[session.id] = session
        session.dispatch(
            "READY",
            {
                "v": 10,
                "user": payloads.user(self._world.bot),
                "guilds": [{"id": guild, "unavailable": True} for guild in guilds],
                "shard": [shard.number, shard.count],
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "application": {"id": self._world.application, "flags": 0},
            },
        )
        if intents & GUILDS:
            for guild in guilds:
                session.dispatch("GUILD_CREATE", payloads.guild(self._world, guild))
        self.identified += 1
        self._world.changed()
        return session

    async def _resume(
        self, socket: web.WebSocketResponse, outbox: asyncio.Queue[Payload], wish: Payload
    ) -> Session | None:
        if wish["token"] != self._token:
            await socket.close(code=WRONG_TOKEN, message=b"Authentication failed.")
            return None
        session = self._sessions.get(wish["session_id"])
        if session is None:
            outbox.put_nowait({"op": INVALID_SESSION, "d": False})
            return None
        for missed in session.sent[int(wish["seq"]) :]:
            outbox.put_nowait(missed)
            if missed["t"] == "MESSAGE_CREATE":
                self.heard.add(missed["d"]["id"])
        session.outbox = outbox
        session.dispatch("RESUMED", {})
        self.resumed += 1
        self._world.changed()
        return session


async def _write(socket: web.WebSocketResponse, outbox: asyncio.Queue[Payload]) -> None:
    """Send frames in their order, until cancelled or the client is gone."""
    try:
        while True:
            await socket.send_str(json.dumps(await outbox.get()))
    except ConnectionError:
        return
