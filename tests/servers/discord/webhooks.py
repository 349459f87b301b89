"""How the bot answers interactions: by callback, within three seconds, then by webhook."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from tests.servers.discord.components import checked_components, checked_form
from tests.servers.discord.edge import API, Refused, answer
from tests.servers.discord.gateway import Gateway
from tests.servers.discord.interactions import AUTOCOMPLETE, Interaction
from tests.servers.discord.permissions import ATTACH_FILES, missing
from tests.servers.discord.rest import checked_content, delete_message, posted, rewrite
from tests.servers.discord.world import (
    COMMAND_ANSWER,
    DEFAULT,
    EPHEMERAL,
    LOADING,
    File,
    Message,
    Payload,
    World,
)

ANSWER, DEFER, DEFER_UPDATE, UPDATE, CHOICES, FORM = 4, 5, 6, 7, 8, 9
FIRST_ANSWER_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0


class Webhooks:
    """Handlers over the world, and the interactions by token."""

    def __init__(self, world: World, gateway: Gateway, shape: Callable[[Message], Payload]) -> None:
        self._world = world
        self._gateway = gateway
        self._shape = shape
        self._by_token: dict[str, Interaction] = {}

    def add(self, interaction: Interaction) -> None:
        """Take answers to this one."""
        self._by_token[interaction.token] = interaction

    def routes(self) -> list[web.RouteDef]:
        webhook = API + "/webhooks/{application}/{token}"
        return [
            web.post(API + "/interactions/{interaction}/{token}/callback", self.callback),
            web.post(webhook, self.follow_up),
            web.get(webhook + "/messages/{message}", self.show),
            web.patch(webhook + "/messages/{message}", self.edit),
            web.delete(webhook + "/messages/{message}", self.delete),
        ]

    async def callback(self, request: web.Request) -> web.Response:
        """The first answer, within three seconds and once: a message (4, or deferred 5), another look of the
        message that was pressed (7, or deferred 6), choices (8) or a form (9)."""
        now = asyncio.get_running_loop().time()
        interaction = self._by_token.get(request.match_info["token"])
        if interaction is None or interaction.id != request.match_info["interaction"]:
            raise Refused(404, 10062, "Unknown interaction")
        if interaction.acknowledged_at is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        if now - interaction.invoked_at > FIRST_ANSWER_SECONDS:
            raise Refused(404, 10062, "Unknown interaction")
        body, files = await posted(self._world, interaction.channel, request)
        kind, content = int(body["type"]), body.get("data") or {}
        if kind in (ANSWER, DEFER) and interaction.kind != AUTOCOMPLETE:
            self._begin(interaction, content, files, deferred=kind == DEFER)
        elif kind in (UPDATE, DEFER_UPDATE) and interaction.pressed is not None:
            interaction.original = interaction.pressed
            if kind == UPDATE:
                self._fill(interaction.pressed, content, files)
        elif kind == CHOICES and interaction.kind == AUTOCOMPLETE:
            interaction.choices = content["choices"]
        elif kind == FORM and interaction.sent_form is None and interaction.kind != AUTOCOMPLETE:
            interaction.form = checked_form(content)
        else:
            raise Refused(400, 50035, "Invalid Form Body")
        interaction.acknowledged_at = now
        self._world.changed()
        if request.query.get("with_response") not in ("1", "true", "True"):
            return web.Response(status=204)
        message = interaction.original
        about: Payload = {"id": interaction.id, "type": interaction.kind}
        resource: Payload = {"type": kind}
        if message is not None:
            resource["message"] = self._shape(message)
            about |= {
                "response_message_id": message.id,
                "response_message_loading": kind == DEFER,
                "response_message_ephemeral": bool(message.flags & EPHEMERAL),
            }
        return answer({"interaction": about, "resource": resource})

    async def follow_up(self, request: web.Request) -> web.Response:
        """Another message. While the first answer is deferred, this fills it instead, as Discord does."""
        interaction = self._interaction(request)
        body, files = await posted(self._world, interaction.channel, request)
        original = interaction.original
        empty = original is not None and original.flags & LOADING
        if original is not None and empty and original.id not in self._world.deleted:
            self._fill(original, body, files)
            return answer(self._shape(original))
        text = checked_content(body)
        message = self._draft(interaction, body, DEFAULT, files)
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

    def _begin(
        self, interaction: Interaction, content: Payload, files: tuple[File, ...], *, deferred: bool
    ) -> None:
        message = self._draft(interaction, content, COMMAND_ANSWER, files)
        text = checked_content(content)
        if deferred:
            message.flags |= LOADING
        elif not (text or files or message.embeds or message.components):
            raise Refused(400, 50006, "Cannot send an empty message")
        interaction.original = message
        self._show(message, text)

    def _fill(self, message: Message, body: Payload, files: tuple[File, ...]) -> None:
        if files:
            missing(self._world, ATTACH_FILES)
        rewrite(self._world, message, body, files)
        message.flags &= ~LOADING
        self._world.changed()
        if not message.flags & EPHEMERAL:
            self._gateway.tell_message("MESSAGE_UPDATE", message)

    def _show(self, message: Message, text: str) -> None:
        self._world.add(message, text)
        if not message.flags & EPHEMERAL:
            self._gateway.tell_message("MESSAGE_CREATE", message)

    def _draft(self, interaction: Interaction, body: Payload, kind: int, files: tuple[File, ...]) -> Message:
        if files:
            missing(self._world, ATTACH_FILES)
        return Message(
            id=self._world.next_id(),
            channel=interaction.channel,
            author=self._world.bot,
            kind=kind,
            flags=int(body.get("flags") or 0),
            webhook=self._world.application,
            allowed_mentions=body.get("allowed_mentions"),
            files=files,
            components=checked_components(body.get("components") or ()),
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
