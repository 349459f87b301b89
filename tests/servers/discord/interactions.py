"""Slash commands: what a person invokes, and the bot's answers by callback and webhook."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from tests.servers.discord import payloads
from tests.servers.discord.edge import API, Refused, answer
from tests.servers.discord.gateway import Gateway
from tests.servers.discord.rest import checked_content, delete_message, posted, rewrite
from tests.servers.discord.world import (
    COMMAND_ANSWER,
    DEFAULT,
    EPHEMERAL,
    LOADING,
    Channel,
    File,
    Message,
    Payload,
    User,
    World,
)

ANSWER, DEFER = 4, 5
FIRST_ANSWER_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0
OPTION_TYPES = {bool: 5, int: 4, float: 10, str: 3}


@dataclass(slots=True, kw_only=True)
class Interaction:
    """One use of a command. `original` is the first answer (while deferred, flagged as loading).

    `invoked_at` and `acknowledged_at` are loop times in seconds.
    """

    id: str
    token: str
    channel: Channel
    user: User
    invoked_at: float
    acknowledged_at: float | None = None
    original: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)

    @property
    def answered(self) -> Message | None:
        """The first answer once it says something, for `until`."""
        return None if self.original is None or self.original.flags & LOADING else self.original


class Interactions:
    """Handlers over the world, and the interactions by id and by token."""

    def __init__(self, world: World, gateway: Gateway, shape: Callable[[Message], Payload]) -> None:
        self._world = world
        self._gateway = gateway
        self._shape = shape
        self._by_token: dict[str, Interaction] = {}

    def routes(self) -> list[web.RouteDef]:
        webhook = API + "/webhooks/{application}/{token}"
        return [
            web.post(API + "/interactions/{interaction}/{token}/callback", self.callback),
            web.post(webhook, self.follow_up),
            web.get(webhook + "/messages/{message}", self.show),
            web.patch(webhook + "/messages/{message}", self.edit),
            web.delete(webhook + "/messages/{message}", self.delete),
        ]

    def invoke(
        self,
        channel: Channel,
        user: User,
        name: str,
        options: Mapping[str, str | int | float | bool],
        locale: str,
    ) -> Interaction:
        """Make an interaction and tell the bot."""
        known = {command["name"]: command for command in self._world.commands}
        if name not in known:
            raise LookupError(f"the bot has not registered /{name}; it has {', '.join(known) or 'nothing'}")
        declared = {option["name"]: option["type"] for option in known[name].get("options", ())}
        interaction = Interaction(
            id=self._world.next_id(),
            token=f"token-{self._world.next_id()}",
            channel=channel,
            user=user,
            invoked_at=asyncio.get_running_loop().time(),
        )
        self._by_token[interaction.token] = interaction
        event: Payload = {
            "id": interaction.id,
            "application_id": self._world.application,
            "type": 2,
            "token": interaction.token,
            "version": 1,
            "locale": locale,
            "channel_id": channel.id,
            "channel": payloads.channel(self._world, channel),
            "app_permissions": payloads.ALL_PERMISSIONS,
            "entitlements": [],
            "authorizing_integration_owners": {"0": "0" if channel.direct else self._world.guild},
            "context": 1 if channel.direct else 0,
            "attachment_size_limit": 10 * 1024 * 1024,
            "data": {
                "id": known[name]["id"],
                "name": name,
                "type": 1,
                "options": [
                    {"name": key, "type": declared.get(key, OPTION_TYPES[type(value)]), "value": value}
                    for key, value in options.items()
                ],
            },
        }
        if channel.direct:
            event["user"] = payloads.user(user)
        else:
            membership = payloads.member(self._world, user) | {"user": payloads.user(user)}
            event |= {"guild_id": self._world.guild, "guild_locale": "en-US", "member": membership}
        self._gateway.tell("INTERACTION_CREATE", event, ~0)
        return interaction

    async def callback(self, request: web.Request) -> web.Response:
        """The first answer: at once (4) or deferred (5), within three seconds and once."""
        now = asyncio.get_running_loop().time()
        interaction = self._by_token.get(request.match_info["token"])
        if interaction is None or interaction.id != request.match_info["interaction"]:
            raise Refused(404, 10062, "Unknown interaction")
        if interaction.acknowledged_at is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        if now - interaction.invoked_at > FIRST_ANSWER_SECONDS:
            raise Refused(404, 10062, "Unknown interaction")
        body, files = await posted(self._world, interaction.channel, request)
        if body["type"] not in (ANSWER, DEFER):
            raise Refused(400, 50035, "Invalid Form Body")
        content = body.get("data") or {}
        message = self._draft(interaction, content, COMMAND_ANSWER)
        message.files = files
        if body["type"] == DEFER:
            message.flags |= LOADING
        text = checked_content(content)
        if body["type"] == ANSWER and not (text or files or message.embeds or message.components):
            raise Refused(400, 50006, "Cannot send an empty message")
        interaction.acknowledged_at, interaction.original = now, message
        self._show(message, text)
        if request.query.get("with_response") not in ("1", "true", "True"):
            return web.Response(status=204)
        resource = {"type": body["type"], "message": self._shape(message)}
        about = {
            "id": interaction.id,
            "type": 2,
            "response_message_id": message.id,
            "response_message_loading": body["type"] == DEFER,
            "response_message_ephemeral": bool(message.flags & EPHEMERAL),
        }
        return answer({"interaction": about, "resource": resource})

    async def follow_up(self, request: web.Request) -> web.Response:
        """Another message. While the first answer is deferred, this fills it instead, as Discord does."""
        interaction = self._interaction(request)
        body, files = await posted(self._world, interaction.channel, request)
        original = interaction.original
        if original is not None and original.flags & LOADING:
            self._fill(original, body, files)
            return answer(self._shape(original))
        text = checked_content(body)
        message = self._draft(interaction, body, DEFAULT)
        message.files = files
        if not (text or files or message.embeds or message.components):
            raise Refused(400, 50006, "Cannot send an empty message")
        interaction.follow_ups.append(message)
        self._show(message, text)
        return answer(self._shape(message))

    async def show(self, request: web.Request) -> web.Response:
        return answer(self._shape(self._message(request)))

    async def edit(self, request: web.Request) -> web.Response:
        message = self._message(request)
        body, files = await posted(self._world, message.channel, request)
        self._fill(message, body, files)
        return answer(self._shape(message))

    async def delete(self, request: web.Request) -> web.Response:
        delete_message(self._world, self._gateway, self._message(request))
        return web.Response(status=204)

    def expire(self, interaction: Interaction) -> None:
        """Let an interaction's quarter of an hour be over."""
        interaction.invoked_at -= TOKEN_SECONDS

    def _fill(self, message: Message, body: Payload, files: tuple[File, ...]) -> None:
        rewrite(self._world, message, body, files)
        message.flags &= ~LOADING
        self._world.changed()
        if not message.flags & EPHEMERAL:
            self._gateway.tell_message("MESSAGE_UPDATE", message)

    def _show(self, message: Message, text: str) -> None:
        self._world.add(message, text)
        if not message.flags & EPHEMERAL:
            self._gateway.tell_message("MESSAGE_CREATE", message)

    def _draft(self, interaction: Interaction, body: Payload, kind: int) -> Message:
        return Message(
            id=self._world.next_id(),
            channel=interaction.channel,
            author=self._world.bot,
            kind=kind,
            flags=int(body.get("flags") or 0),
            webhook=self._world.application,
            allowed_mentions=body.get("allowed_mentions"),
            components=body.get("components") or (),
            embeds=body.get("embeds") or (),
        )

    def _interaction(self, request: web.Request) -> Interaction:
        """The acknowledged interaction behind a webhook's token."""
        interaction = self._by_token.get(request.match_info["token"])
        if interaction is None or interaction.acknowledged_at is None:
            raise Refused(404, 10015, "Unknown Webhook")
        if asyncio.get_running_loop().time() - interaction.invoked_at > TOKEN_SECONDS:
            raise Refused(401, 50027, "Invalid Webhook Token")
        return interaction

    def _message(self, request: web.Request) -> Message:
        interaction = self._interaction(request)
        wanted = request.match_info["message"]
        for message in (interaction.original, *interaction.follow_ups):
            if message is None or message.id in self._world.deleted:
                continue
            if message.id == wanted or (wanted == "@original" and message is interaction.original):
                return message
        raise Refused(404, 10008, "Unknown Message")
