"""What people press and fill in in the local Slack: the command, buttons, shortcuts, forms."""

import asyncio
from dataclasses import dataclass, field

from aiohttp import web

from tests.servers.slack.block_kit import buttons_of, check, initial, state, text_of
from tests.servers.slack.transports import Delivery, Transports
from tests.servers.slack.world import Channel, Message, No, Payload, User, View, World

RESPONSE_USES, RESPONSE_SECONDS = 5, 1800.0


@dataclass(slots=True, kw_only=True)
class Response:
    """What comes of a command or a click. `until`: when the URL is over (the loop's clock); `payloads`: as
    the bot sent them, for that person alone where they are `ephemeral`. `message`: the one that was pressed,
    which an answer may replace."""

    channel: Channel
    url: str
    until: float
    payloads: list[Payload] = field(default_factory=list)
    delivery: Delivery | None = None
    message: Message | None = None

    @property
    def text(self) -> str:
        """All that was said."""
        return "\n".join(text_of(each.get("blocks") or []) or each.get("text", "") for each in self.payloads)

    @property
    def blocks(self) -> list[Payload]:
        """Those of what was said last."""
        return list(self.payloads[-1].get("blocks") or ()) if self.payloads else []

    @property
    def buttons(self) -> list[str]:
        """What the buttons say below what was said last."""
        return list(buttons_of(self.blocks))


class Interactions:
    """`response_seconds`: how long a response URL is good."""

    def __init__(self, world: World, transports: Transports) -> None:
        self._world = world
        self._transports = transports
        self.response_seconds = RESPONSE_SECONDS
        self._responses: dict[str, Response] = {}

    async def slash(self, channel: Channel, user: User, text: str) -> Response:
        """`/mixtral text`; comes back when the bot has acknowledged it."""
        response = self._response(channel)
        payload = {
            "command": "/mixtral",
            "text": text,
            "team_id": channel.team.id,
            "team_domain": "local",
            "channel_id": channel.id,
            "channel_name": channel.name,
            "user_id": user.id,
            "user_name": user.name,
            "api_app_id": "A1",
            "is_enterprise_install": "false",
            "response_url": response.url,
            "trigger_id": self._world.trigger(user),
        }
        return await self._answered(response, await self._transports.deliver("slash", payload))

    async def shortcut(self, message: Message, user: User, callback: str = "settings") -> Response:
        """A shortcut from a message's menu."""
        response = self._response(message.channel)
        payload = {
            **self._interaction("message_action", user, message.channel),
            "callback_id": callback,
            "message_ts": message.ts,
            "message": self._message(message),
            "response_url": response.url,
        }
        return await self._answered(response, await self._transports.deliver("interactive", payload))

    async def press(self, shown: Message | Response, user: User, label: str) -> Response:
        """The button that says `label`, below a message or an answer to something typed or pressed."""
        found = buttons_of(shown.blocks)
        assert label in found, f"there are only {list(found)}"
        message = shown if isinstance(shown, Message) else None
        return await self.click(shown.channel, user, found[label], message=message)

    async def click(
        self,
        channel: Channel,
        user: User,
        button: Payload,
        *,
        message: Message | None = None,
        view: Payload | None = None,
    ) -> Response:
        """A button, on a message, on an answer for one person, or on a view."""
        response = self._response(channel)
        payload = {
            **self._interaction("block_actions", user, channel),
            "actions": [{**button, "block_id": "b", "action_ts": self._world.ts()}],
            "container": {"type": "message" if view is None else "view"},
        }
        if view is not None:
            payload.pop("channel")
            payload["view"] = {**view, "id": "V0"}
        else:
            payload["response_url"] = response.url
        if message is not None and not message.ephemeral_to:
            payload["message"] = self._message(message)
            response.message = message
        return await self._answered(response, await self._transports.deliver("interactive", payload))

    async def submit(self, view: View, values: dict[str, str]) -> Payload:
        """Save a form, with `values` in place of what stood in its fields; what the bot says to that."""
        inputs = {block["block_id"]: block for block in view.content["blocks"] if block["type"] == "input"}
        assert set(values) <= set(inputs), f"there are only {list(inputs)}"
        states = {
            name: {"value": state(block, values.get(name, initial(block)))} for name, block in inputs.items()
        }
        content = {**view.content, "id": view.id, "hash": f"h{self._world.number()}"}
        payload = {
            **self._interaction("view_submission", view.user, None),
            "view": {**content, "state": {"values": states}},
        }
        delivery = await self._transports.deliver("interactive", payload)
        return delivery.body if isinstance(delivery.body, dict) else {}

    async def responded(self, request: web.Request) -> web.Response:
        """A response URL: five uses in half an hour, and no `markdown_text`."""
        response = self._responses.get(request.match_info["token"])
        content = await request.json()
        over = response is None or asyncio.get_running_loop().time() > response.until
        if response is None or over or len(response.payloads) >= RESPONSE_USES:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        if "markdown_text" in content:
            return web.json_response({"ok": False, "error": "invalid_arguments"}, status=400)
        try:
            check(content.get("blocks") or [], "message")
        except No as no:
            return web.json_response({"ok": False, "error": str(no)}, status=400)
        self._take(response, content)
        self._world.ring()
        return web.json_response({"ok": True})

    def _take(self, response: Response, content: Payload) -> None:
        if content.get("replace_original") and response.message is not None:
            blocks, text = content.get("blocks") or [], content.get("text") or ""
            self._world.show(response.message, text_of(blocks) or text, blocks=blocks, fallback=text)
            return
        response.payloads.append(content)
        if content.get("response_type") == "in_channel":
            self._world.add(
                response.channel,
                response.channel.team.bot_user,
                text_of(content.get("blocks") or []) or content["text"],
                thread_ts=content.get("thread_ts") or "",
                unfurl=content.get("unfurl_links", True) or content.get("unfurl_media", True),
                blocks=content.get("blocks") or [],
                fallback=content.get("text") or "",
            )

    async def _answered(self, response: Response, delivery: Delivery) -> Response:
        response.delivery = delivery
        if isinstance(delivery.body, dict) and delivery.body:
            self._take(response, delivery.body)
        return response

    def _response(self, channel: Channel) -> Response:
        token = f"r{self._world.number()}"
        until = asyncio.get_running_loop().time() + self.response_seconds
        response = Response(channel=channel, url=f"{self._world.url}/response/{token}", until=until)
        self._responses[token] = response
        return response

    def _interaction(self, kind: str, user: User, channel: Channel | None) -> Payload:
        place = {"channel": {"id": channel.id, "name": channel.name}} if channel is not None else {}
        return {
            "type": kind,
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team.id},
            "team": {"id": user.team.id, "domain": "local"},
            "enterprise": None,
            "is_enterprise_install": False,
            "api_app_id": "A1",
            "token": "verification",
            "trigger_id": self._world.trigger(user),
            **place,
        }

    def _message(self, message: Message) -> Payload:
        """A message as events and interactions carry it."""
        event: Payload = {
            "type": "message",
            "channel": message.channel.id,
            "channel_type": message.channel.kind,
            "user": message.author,
            "team": message.channel.team.id,
            "text": message.fallback or message.text,
            "ts": message.ts,
            "client_msg_id": f"m-{message.ts}",
            "blocks": message.blocks or [{"type": "rich_text", "block_id": "b", "elements": []}],
        }
        if message.author == message.channel.team.bot_user:
            event |= {"bot_id": message.channel.team.bot_id, "app_id": "A1"}
        if message.thread_ts:
            event |= {"thread_ts": message.thread_ts}
        if message.files:
            event |= {"files": list(message.files), "subtype": "file_share"}
        return event | message.more
