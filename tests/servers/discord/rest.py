"""The REST routes about the application, its commands, channels and messages."""

import asyncio
import json

from aiohttp import BodyPartReader, web

from tests.servers.discord import payloads
from tests.servers.discord.components import checked_components
from tests.servers.discord.edge import API, Refused, answer
from tests.servers.discord.gateway import DIRECT_MESSAGES, GUILD_MESSAGES, Gateway
from tests.servers.discord.permissions import (
    CREATE_PUBLIC_THREADS,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES_IN_THREADS,
    VIEW_CHANNEL,
    may_reopen,
    may_write,
    missing,
)
from tests.servers.discord.world import (
    DEFAULT,
    HAS_THREAD,
    REPLY,
    SUPPRESS_EMBEDS,
    Channel,
    File,
    Message,
    Payload,
    World,
)

LONGEST_CONTENT = 2000
LONGEST_NONCE = 25

INTENT_GRANTED = 1 << 19
"""The application's flag for the message-content intent, while the bot is in fewer than a hundred guilds."""


class Rest:
    """Handlers over the world. `granted`: the application was granted the message-content intent."""

    def __init__(self, world: World, gateway: Gateway, *, granted: bool) -> None:
        self._world = world
        self._gateway = gateway
        self._granted = granted
        self._by_nonce: dict[str, Message] = {}

    def routes(self) -> list[web.RouteDef]:
        message = API + "/channels/{channel}/messages/{message}"
        commands = API + "/applications/{application}/commands"
        return [
            web.get(API + "/gateway/bot", self.gateway_bot),
            web.get(API + "/users/@me", self.me),
            web.post(API + "/users/@me/channels", self.open_direct),
            web.get(API + "/oauth2/applications/@me", self.application),
            web.get(API + "/applications/@me", self.application),
            web.get(commands, self.list_commands),
            web.put(commands, self.replace_commands),
            web.get(API + "/channels/{channel}", self.show_channel),
            web.patch(API + "/channels/{channel}", self.change_channel),
            web.post(API + "/channels/{channel}/typing", self.typing),
            web.get(API + "/channels/{channel}/messages", self.list_messages),
            web.post(API + "/channels/{channel}/messages", self.post),
            web.get(message, self.show),
            web.patch(message, self.edit),
            web.delete(message, self.delete),
            web.post(message + "/threads", self.open_thread),
        ]

    def shape(self, message: Message) -> Payload:
        """A message as REST answers it."""
        return payloads.message(self._world, self._gateway.base, message, granted=self._granted)

    async def gateway_bot(self, _request: web.Request) -> web.Response:
        return answer({"url": self._gateway.url, **self._gateway.sharding.advice})

    async def me(self, _request: web.Request) -> web.Response:
        return answer(payloads.user(self._world.bot))

    async def application(self, _request: web.Request) -> web.Response:
        shape: Payload = {
            "id": self._world.application,
            "name": self._world.bot.name,
            "description": "",
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": payloads.user(self._world.bot),
            "verify_key": "",
            "flags": INTENT_GRANTED if self._granted else 0,
            "approximate_guild_count": self._world.guild_count,
            "team": None,
        }
        return answer(shape)

    async def list_commands(self, _request: web.Request) -> web.Response:
        return answer(self._world.commands)

    async def replace_commands(self, request: web.Request) -> web.Response:
        known = {command["name"]: command["id"] for command in self._world.commands}
        self._world.commands = [
            {
                "description": "",
                "type": 1,
                **command,
                "id": known.get(command["name"], self._world.next_id()),
                "application_id": self._world.application,
                "version": self._world.next_id(),
                "default_member_permissions": None,
            }
            for command in await request.json()
        ]
        self._world.command_uploads += 1
        return answer(self._world.commands)

    async def open_direct(self, request: web.Request) -> web.Response:
        wish = await request.json()
        person = self._world.users.get(str(wish["recipient_id"]))
        if person is None:
            raise Refused(400, 50033, "Invalid Recipient(s)")
        return answer(payloads.channel(self._world, self._world.direct_channel(person)))

    async def show_channel(self, request: web.Request) -> web.Response:
        return answer(payloads.channel(self._world, self._channel(request)))

    async def change_channel(self, request: web.Request) -> web.Response:
        """Archive a thread, or open it again."""
        channel = self._channel(request)
        may_reopen(self._world, channel)
        missing(self._world, SEND_MESSAGES_IN_THREADS)
        channel.archived = bool((await request.json())["archived"])
        self._world.changed()
        return answer(payloads.channel(self._world, channel))

    async def typing(self, request: web.Request) -> web.Response:
        self._channel(request).typing_at.append(asyncio.get_running_loop().time())
        return web.Response(status=204)

    async def list_messages(self, request: web.Request) -> web.Response:
        """Newest first, as Discord does; `limit`, `before` and `after` are understood."""
        channel = self._channel(request)
        messages = list(channel.messages.values())
        if not channel.direct and not self._world.bot_permissions & VIEW_CHANNEL:
            raise Refused(403, 50001, "Missing Access")
        if not channel.direct and not self._world.bot_permissions & READ_MESSAGE_HISTORY:
            messages = []
        before, after = request.query.get("before"), request.query.get("after")
        chosen = [
            message
            for message in messages
            if (before is None or int(message.id) < int(before))
            and (after is None or int(message.id) > int(after))
        ]
        limit = int(request.query.get("limit", "50"))
        page = chosen[:limit] if after is not None else chosen[-limit:]
        return answer([self.shape(message) for message in reversed(page)])

    async def show(self, request: web.Request) -> web.Response:
        message = self._message(request)
        if not message.channel.direct:
            missing(self._world, VIEW_CHANNEL)
            missing(self._world, READ_MESSAGE_HISTORY)
        return answer(self.shape(message))

    async def post(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        body, files = await posted(self._world, channel, request)
        content = checked_content(body)
        if not (content or files or body.get("embeds") or body.get("components")):
            raise Refused(400, 50006, "Cannot send an empty message")
        nonce = str(body.get("nonce") or "")
        if len(nonce) > LONGEST_NONCE:
            raise invalid("nonce", "BASE_TYPE_MAX_LENGTH", f"Must be {LONGEST_NONCE} or fewer in length.")
        reference = self._reference(channel, body.get("message_reference"))
        may_write(self._world, channel, replying=bool(reference), files=bool(files))
        earlier = self._by_nonce.get(nonce) if nonce and body.get("enforce_nonce") else None
        if earlier is not None:
            if earlier.id in self._world.deleted:
                raise Refused(404, 10008, "Unknown Message")
            return answer(self.shape(earlier))
        message = Message(
            id=self._world.next_id(),
            channel=channel,
            author=self._world.bot,
            kind=REPLY if reference else DEFAULT,
            flags=int(body.get("flags") or 0),
            reference=reference,
            nonce=nonce,
            allowed_mentions=body.get("allowed_mentions"),
            files=files,
            components=checked_components(body.get("components") or ()),
            embeds=body.get("embeds") or (),
        )
        if nonce:
            self._by_nonce[nonce] = message
        channel.archived = False
        self._world.add(message, content)
        self._gateway.tell_message("MESSAGE_CREATE", message)
        return answer(self.shape(message))

    async def edit(self, request: web.Request) -> web.Response:
        message = self._message(request)
        if message.author != self._world.bot:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        if message.channel.archived:
            raise Refused(400, 50083, "Thread is archived")
        body, files = await posted(self._world, message.channel, request)
        rewrite(self._world, message, body, files)
        self._gateway.tell_message("MESSAGE_UPDATE", message)
        return answer(self.shape(message))

    async def delete(self, request: web.Request) -> web.Response:
        delete_message(self._world, self._gateway, self._message(request))
        return web.Response(status=204)

    async def open_thread(self, request: web.Request) -> web.Response:
        message = self._message(request)
        missing(self._world, CREATE_PUBLIC_THREADS)
        if message.flags & HAS_THREAD:
            raise Refused(400, 160004, "A thread has already been created for this message")
        if message.channel.direct or message.channel.parent:
            raise Refused(400, 50024, "Cannot execute action on this channel type")
        thread = self._world.add_thread(message, str((await request.json())["name"]))
        self._gateway.tell_thread(thread)
        self._gateway.tell_message("MESSAGE_UPDATE", message)
        return answer(payloads.channel(self._world, thread), status=201)

    def _reference(self, channel: Channel, wish: Payload | None) -> str:
        if wish is None:
            return ""
        target = str(wish["message_id"])
        if target in channel.messages:
            return target
        if wish.get("fail_if_not_exists", True):
            raise invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        return ""

    def _channel(self, request: web.Request) -> Channel:
        channel = self._world.channels.get(request.match_info["channel"])
        if channel is None:
            raise Refused(404, 10003, "Unknown Channel")
        return channel

    def _message(self, request: web.Request) -> Message:
        message = self._channel(request).messages.get(request.match_info["message"])
        if message is None:
            raise Refused(404, 10008, "Unknown Message")
        return message


def invalid(field: str, code: str, message: str) -> Refused:
    """A refused form field, in the shape that names it."""
    return Refused(
        400, 50035, "Invalid Form Body", {field: {"_errors": [{"code": code, "message": message}]}}
    )


def checked_content(body: Payload) -> str:
    """The message's text as Discord keeps it: trimmed, at most 2000 code points."""
    content = str(body.get("content") or "").strip()
    if len(content) > LONGEST_CONTENT:
        raise invalid("content", "BASE_TYPE_MAX_LENGTH", f"Must be {LONGEST_CONTENT} or fewer in length.")
    return content


async def posted(world: World, channel: Channel, request: web.Request) -> tuple[Payload, tuple[File, ...]]:
    """A request's JSON and its files, which make it multipart."""
    if not request.content_type.startswith("multipart/"):
        return await request.json(), ()
    body: Payload = {}
    files: list[File] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "payload_json":
            body = json.loads(await part.text())
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            content = bytes(await part.read())
            files.append(world.add_file(channel, part.filename or "unknown", content, kind))
    return body, tuple(files)


def rewrite(world: World, message: Message, body: Payload, files: tuple[File, ...]) -> None:
    """Change what `body` names of a message; what it leaves out stays."""
    content = checked_content(body) if "content" in body else message.content
    components = checked_components(body.get("components", message.components) or ())
    embeds = body.get("embeds", message.embeds) or ()
    kept = message.files
    if "attachments" in body:
        wanted = {str(one.get("id")) for one in body["attachments"]}
        kept = tuple(file for file in kept if file.id in wanted)
    if not (content or kept or files or embeds or components):
        raise Refused(400, 50006, "Cannot send an empty message")
    message.components, message.embeds, message.files = components, embeds, kept + files
    if "allowed_mentions" in body:
        message.allowed_mentions = body["allowed_mentions"]
    if body.get("flags") is not None:  # of these, an edit can change one
        message.flags = message.flags & ~SUPPRESS_EMBEDS | int(body["flags"]) & SUPPRESS_EMBEDS
    world.write(message, content)


def delete_message(world: World, gateway: Gateway, message: Message) -> None:
    """Take a message out of its channel and tell the bot."""
    message.channel.messages.pop(message.id, None)
    world.deleted.add(message.id)
    world.changed()
    event: Payload = {"id": message.id, "channel_id": message.channel.id}
    if not message.channel.direct:
        event["guild_id"] = world.guild_of(message.channel)
    gateway.tell("MESSAGE_DELETE", event, DIRECT_MESSAGES if message.channel.direct else GUILD_MESSAGES)
