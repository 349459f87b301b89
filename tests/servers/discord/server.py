"""The local Discord that tests drive: start it, let people speak, wait for what the bot does."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from tests.servers.discord import payloads
from tests.servers.discord.components import inside
from tests.servers.discord.edge import API, Edge, Fault
from tests.servers.discord.gateway import (
    DIRECT_MESSAGES,
    DIRECT_REACTIONS,
    GUILD_MESSAGES,
    GUILD_REACTIONS,
    GUILDS,
    UNKNOWN_ERROR,
    Gateway,
)
from tests.servers.discord.guilds import Guilds
from tests.servers.discord.interactions import Interaction, Interactions, Options
from tests.servers.discord.limits import EVERYTHING, SEEN_FOR_YEARS, Allowance, RateLimits
from tests.servers.discord.rest import Rest, delete_message
from tests.servers.discord.sharding import Sharding
from tests.servers.discord.webhooks import Webhooks
from tests.servers.discord.world import DEFAULT, REPLY, Channel, Message, Payload, User, World

T = TypeVar("T")

NO_REPLY_PING: Payload = {"parse": ["users", "roles", "everyone"], "replied_user": False}


class DiscordServer:
    """A Discord on 127.0.0.1, with one guild, one bot that logs in with `token`, and whoever is added.

    `privileged`: the intents granted in the developer portal, none at first. Text is parsed as Discord does:
    write `user.mention` or `role.mention` into it to mention somebody. `minutes_ago`: when it is there.
    """

    def __init__(
        self,
        *,
        token: str = "a-local-token",
        privileged: int = 0,
        limits: Mapping[str, Allowance] = SEEN_FOR_YEARS,
        everything: Allowance = EVERYTHING,
        port: int = 0,
        minutes_ago: float = 0.0,
        sharding: Sharding | None = None,
    ) -> None:
        self.token = token
        self.world = World(minutes_ago=minutes_ago)
        self.gateway = Gateway(self.world, token, privileged, sharding or Sharding())
        self.edge = Edge(token, RateLimits(limits, everything), self.world.changed)
        rest = Rest(self.world, self.gateway, granted=bool(privileged & payloads.MESSAGE_CONTENT))
        self._interactions = Interactions(self.world, self.gateway)
        self._webhooks = Webhooks(self.world, self.gateway, rest.shape)
        self.app = web.Application(middlewares=[self.edge.pass_through], client_max_size=32 * 1024 * 1024)
        self.app.add_routes([*rest.routes(), *self._webhooks.routes(), *Guilds(self.world).routes()])
        self.app.add_routes([web.get("/gateway", self.gateway.connect)])
        self.app.add_routes([web.get("/attachments/{channel}/{file}/{name}", self._file)])
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.1)
        self._port = port
        self.rest_url = ""
        self.gateway_url = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        host, port = self._runner.addresses[0][:2]
        self.gateway.base = f"http://{host}:{port}"
        self.rest_url = self.gateway.base + API
        self.gateway_url = self.gateway.url = f"ws://{host}:{port}/gateway"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.gateway.close()
        await self._runner.cleanup()

    @property
    def bot(self) -> User:
        return self.world.bot

    @property
    def general(self) -> Channel:
        """The channel that is there from the start."""
        return self.world.general

    async def until(self, condition: Callable[[], T | None], *, timeout: float = 10.0) -> T:
        """The first true value of `condition`; `TimeoutError` after `timeout` seconds."""
        return await self.world.until(condition, timeout=timeout)

    async def connected(self) -> None:
        """Wait until the bot has identified."""
        await self.until(lambda: self.gateway.identified)

    def messages(self, channel: Channel) -> list[Message]:
        """The messages of a channel, oldest first."""
        return list(channel.messages.values())

    def answers(self, channel: Channel) -> list[Message]:
        """What the bot has written there, oldest first."""
        return [message for message in self.messages(channel) if message.author == self.bot]

    async def say(
        self,
        channel: Channel,
        user: User,
        text: str,
        *,
        reply_to: Message | None = None,
        ping: bool = True,
        forward: Message | None = None,
        attachments: Sequence[tuple[str, bytes, str]] = (),
        embeds: Sequence[Payload] = (),
        kind: int = DEFAULT,
    ) -> Message:
        """Let a person write, or another bot. `attachments`: name, content, media type; `ping`: whether a
        reply notifies."""
        message = Message(
            id=self.world.next_id(),
            channel=channel,
            author=user,
            kind=REPLY if reply_to else kind,
            reference=reply_to.id if reply_to else "",
            forwards=forward,
            allowed_mentions=None if ping else NO_REPLY_PING,
            files=tuple(self.world.add_file(channel, *attachment) for attachment in attachments),
            embeds=embeds,
        )
        self.world.add(message, text)
        self.gateway.tell_message("MESSAGE_CREATE", message)
        return message

    async def add_channel(self, name: str, guild: str = "") -> Channel:
        """Another text channel, which the bot is told of; in this guild, or the first one."""
        channel = self.world.add_channel(name, guild)
        self.gateway.tell("CHANNEL_CREATE", payloads.channel(self.world, channel), GUILDS)
        return channel

    async def open_thread(self, message: Message, name: str) -> Channel:
        """Let a person open a thread at a message."""
        thread = self.world.add_thread(message, name, owner=message.author.id)
        self.gateway.tell_thread(thread)
        return thread

    async def dm(self, user: User, text: str) -> Message:
        """Let a person write to the bot in private."""
        return await self.say(self.world.direct_channel(user), user, text)

    async def slash(
        self,
        channel: Channel,
        user: User,
        name: str,
        options: Options | None = None,
        *,
        locale: str = "en-US",
    ) -> Interaction:
        """Let a person use a slash command that the bot has registered; `LookupError` where it has not."""
        return self._told(*self._interactions.slash(channel, user, name, options or {}, locale))

    async def type(
        self,
        channel: Channel,
        user: User,
        name: str,
        typed: str,
        *,
        option: str = "value",
        locale: str = "en-US",
    ) -> Interaction:
        """Let a person begin to type an option of a command: the bot may offer `choices`."""
        return self._told(
            *self._interactions.typing(channel, user, name, typed, option=option, locale=locale)
        )

    async def menu(self, message: Message, user: User, name: str, *, locale: str = "en-US") -> Interaction:
        """Let a person use a command in a message's own menu."""
        return self._told(*self._interactions.menu(message, user, name, locale))

    async def press(self, message: Message, user: User, label: str, *, locale: str = "en-US") -> Interaction:
        """Let a person press the button that says `label`; `LookupError` where there is none to press."""
        shown = {str(each.get("label")): each for each in inside(message.components)}
        if label not in shown:
            raise LookupError(f"there is no {label!r}; there are {list(shown)}")
        custom_id = str(shown[label]["custom_id"])
        return self._told(*self._interactions.press(message, user, custom_id, None, locale))

    async def choose(
        self, message: Message, user: User, menu: str, value: str, *, locale: str = "en-US"
    ) -> Interaction:
        """Let a person choose a value in the menu that says `menu` while nothing is chosen in it."""
        shown = {str(each.get("placeholder")): each for each in inside(message.components)}
        if menu not in shown:
            raise LookupError(f"there is no {menu!r}; there are {list(shown)}")
        custom_id = str(shown[menu]["custom_id"])
        return self._told(*self._interactions.press(message, user, custom_id, value, locale))

    async def send_form(
        self, opened: Interaction, wish: Mapping[str, str | bool] | None = None
    ) -> Interaction:
        """Let a person send the form that an interaction opened, changed in these fields (`custom_id`)."""
        return self._told(*self._interactions.send(opened, wish or {}))

    async def react(self, message: Message, user: User, emoji: str) -> None:
        """Let a person put a reaction to a message."""
        direct = message.channel.direct
        event: Payload = {
            "user_id": user.id,
            "channel_id": message.channel.id,
            "message_id": message.id,
            "emoji": {"id": None, "name": emoji},
            "type": 0,
            "burst": False,
        }
        if not message.webhook:
            event["message_author_id"] = message.author.id
        if not direct:
            membership = payloads.member(self.world, user) | {"user": payloads.user(user)}
            event |= {"guild_id": self.world.guild_of(message.channel), "member": membership}
        self.gateway.tell("MESSAGE_REACTION_ADD", event, DIRECT_REACTIONS if direct else GUILD_REACTIONS)

    async def rewrite(self, message: Message, text: str) -> None:
        """Let a person change what they wrote."""
        self.world.write(message, text)
        self.gateway.tell_message("MESSAGE_UPDATE", message)

    async def preview(self, message: Message) -> None:
        """Let Discord put a preview of a link below a message, which nobody has edited."""
        message.embeds = [*message.embeds, {"type": "link", "title": "a page"}]
        self.world.changed()
        self.gateway.tell_message("MESSAGE_UPDATE", message)

    async def delete_messages(self, messages: Sequence[Message]) -> None:
        """Delete several messages of one channel at once, as moderators do."""
        channel = messages[0].channel
        for message in messages:
            channel.messages.pop(message.id, None)
            self.world.deleted.add(message.id)
        self.world.changed()
        event: Payload = {"ids": [message.id for message in messages], "channel_id": channel.id}
        if not channel.direct:
            event["guild_id"] = self.world.guild_of(channel)
        wanted = DIRECT_MESSAGES if channel.direct else GUILD_MESSAGES
        self.gateway.tell("MESSAGE_DELETE_BULK", event, wanted)

    async def delete_message(self, message: Message) -> None:
        """Delete a message: whoever asks for it then gets 404, code 10008."""
        delete_message(self.world, self.gateway, message)

    async def delete_channel(self, channel: Channel) -> None:
        """Delete a channel with its threads, or one thread: they then answer 404, code 10003."""
        event = "THREAD_DELETE" if channel.parent else "CHANNEL_DELETE"
        self.world.remove_channel(channel)
        self.gateway.tell(event, payloads.channel(self.world, channel), GUILDS)

    async def throw_out(self) -> None:
        """Take the bot out of the guild."""
        self.gateway.tell("GUILD_DELETE", {"id": self.world.guild}, GUILDS)

    def forbid(self, channel: Channel, *, code: int = 50013) -> None:
        """Take the bot's right to write in a channel: 403 with 50013 (Missing Permissions) or 50001."""
        for method in ("POST", "PATCH"):
            path = f"/channels/{channel.id}/*"
            self.fail(Fault(method=method, path=path, status=403, code=code, times=None))

    def expire(self, interaction: Interaction) -> None:
        """Let an interaction's quarter of an hour be over: its token then answers 401, code 50027."""
        self._webhooks.expire(interaction)

    def _told(self, interaction: Interaction, event: Payload) -> Interaction:
        self._webhooks.add(interaction)
        self.gateway.tell("INTERACTION_CREATE", event, ~0)
        return interaction

    def fail(self, fault: Fault) -> None:
        """Let matching requests go wrong."""
        self.edge.faults.append(fault)

    def disconnected(
        self, *, forget: bool = False, code: int = UNKNOWN_ERROR
    ) -> AbstractAsyncContextManager[None]:
        """Cut the gateway's connections with this code until the block ends; `forget`: no session can be
        resumed after."""
        return self.gateway.away(forget=forget, code=code)

    async def _file(self, request: web.Request) -> web.Response:
        file = self.world.files.get(request.path)
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.content, headers={"Content-Type": file.media_type})
