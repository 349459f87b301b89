"""What people do in the local Slack, and what Slack tells the bot of it."""

import asyncio
import random
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.servers.slack.transports import Delivery, Transports
from tests.servers.slack.world import Channel, Message, Payload, Team, User, View, World

RESPONSE_USES, RESPONSE_SECONDS = 5, 1800.0


@dataclass(slots=True, kw_only=True)
class Response:
    """What a person alone is answered to a command or a click. `until`: when the URL is over (the loop's
    clock); `payloads`: as the bot sent them."""

    url: str
    until: float
    payloads: list[Payload] = field(default_factory=list)
    delivery: Delivery | None = None

    @property
    def text(self) -> str:
        return "\n".join(str(payload.get("text", "")) for payload in self.payloads)


class People:
    """`mention_order`: which of a mention's two events comes first; "" for chance. `response_seconds`: how
    long a response URL is good. `url`: the server's."""

    def __init__(self, world: World, transports: Transports) -> None:
        self._world = world
        self._transports = transports
        self.url = ""
        self.mention_order = ""
        self.response_seconds = RESPONSE_SECONDS
        self.files: dict[str, bytes] = {}
        self._responses: dict[str, Response] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def say(
        self,
        channel: Channel,
        user: User,
        text: str,
        *,
        thread: str = "",
        mention: bool = False,
        files: dict[str, bytes] | None = None,
    ) -> Message:
        """Write `text`, in Slack's own escapes. `mention`: with the bot's name before it."""
        if mention:
            text = f"<@{channel.team.bot_user}> {text}"
        attached = tuple(self._file(name, content) for name, content in (files or {}).items())
        message = self._world.add(channel, user.id, text, thread_ts=thread, files=attached)
        event = self._message(message)
        if f"<@{channel.team.bot_user}" in text and channel.kind != "im":
            hidden = ("channel_type", "subtype")
            twin = {name: value for name, value in event.items() if name not in hidden}
            events = [event, {**twin, "type": "app_mention"}]
            if self.mention_order == "app_mention" or (not self.mention_order and random.random() < 0.5):
                events.reverse()
        else:
            events = [event]
        for each in events:
            self.aside(self._transports.deliver_until_taken(self.envelope(channel.team, each)))
            await asyncio.sleep(0.005)
        return message

    async def slash(self, channel: Channel, user: User, text: str) -> Response:
        """`/mixtral text`; comes back when the bot has acknowledged it."""
        response = self._response()
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
        response = self._response()
        payload = {
            **self._interaction("message_action", user, message.channel),
            "callback_id": callback,
            "message_ts": message.ts,
            "message": self._message(message),
            "response_url": response.url,
        }
        return await self._answered(response, await self._transports.deliver("interactive", payload))

    async def click(self, channel: Channel, user: User, action: str, *, view: View | None = None) -> Response:
        """A button, on a message or on a view."""
        response = self._response()
        payload = {
            **self._interaction("block_actions", user, channel),
            "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": action}],
            "container": {"type": "message"},
        }
        if view is None:
            payload["response_url"] = response.url
        else:
            payload.pop("channel")
            payload["view"] = {**view.content, "id": view.id}
        return await self._answered(response, await self._transports.deliver("interactive", payload))

    async def submit(self, view: View, values: dict[str, str]) -> Payload:
        """Save a form, with `values` in place of what stood in its fields; what the bot says to that."""
        typed = {**view.initial, **values}
        state = {word: {"value": {"value": each or None}} for word, each in typed.items()}
        payload = {
            **self._interaction("view_submission", view.user, None),
            "view": {
                **view.content,
                "id": view.id,
                "hash": "h",
                "state": {"values": state},
            },
        }
        delivery = await self._transports.deliver("interactive", payload)
        return delivery.body if isinstance(delivery.body, dict) else {}

    async def open_home(self, user: User, channel: Channel) -> Delivery:
        event = {"type": "app_home_opened", "user": user.id, "channel": channel.id, "tab": "home"}
        return await self.happen(user.team, event)

    async def press_stop(self, channel: Channel, thread: str, user: User) -> Delivery:
        """Slack's own stop button under a thread in which the bot is at work."""
        streaming = [
            message
            for message in channel.messages.values()
            if message.thread_ts == thread and message.streaming_until
        ]
        for message in streaming:
            message.stopped = True
        event = {
            "type": "agent_session_stopped",
            "channel": channel.id,
            "thread_ts": thread,
            "user": user.id,
            "streaming_message_ts": [message.ts for message in streaming],
        }
        return await self.happen(channel.team, event)

    async def happen(self, team: Team, event: Payload) -> Delivery:
        """Any event."""
        return await self._transports.deliver_until_taken(self.envelope(team, event))

    async def uninstall(self, team: Team) -> None:
        team.installed = False
        await self.happen(team, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot_user]}})
        await self.happen(team, {"type": "app_uninstalled"})

    def envelope(self, team: Team, event: Payload) -> Payload:
        """What is wrapped around an event."""
        number = self._world.number()
        return {
            "token": "verification",
            "team_id": team.id,
            "api_app_id": "A1",
            "event": {"event_ts": f"{time.time():.6f}", **event},
            "type": "event_callback",
            "event_id": f"Ev{number:06d}",
            "event_time": int(time.time()),
            "authorizations": [
                {"enterprise_id": None, "team_id": team.id, "user_id": team.bot_user, "is_bot": True}
            ],
            "is_ext_shared_channel": False,
        }

    def echo(self, message: Message, changed: bool) -> None:
        """The bot hears itself: what it posts as a message, what it edits as a changed one."""
        event = {**self._message(message), "bot_id": message.channel.team.bot_id, "app_id": "A1"}
        if changed:
            event = {
                "type": "message",
                "subtype": "message_changed",
                "channel": message.channel.id,
                "channel_type": message.channel.kind,
                "ts": self._world.ts(),
                "message": event,
                "hidden": True,
            }
        self.aside(self._transports.deliver("event", self.envelope(message.channel.team, event)))

    async def responded(self, request: web.Request) -> web.Response:
        """A response URL: five uses in half an hour, and no `markdown_text`."""
        response = self._responses.get(request.match_info["token"])
        content = await request.json()
        over = response is None or asyncio.get_running_loop().time() > response.until
        if response is None or over or len(response.payloads) >= RESPONSE_USES:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        if "markdown_text" in content:
            return web.json_response({"ok": False, "error": "invalid_arguments"}, status=400)
        response.payloads.append(content)
        self._world.ring()
        return web.json_response({"ok": True})

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def aside(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answered(self, response: Response, delivery: Delivery) -> Response:
        response.delivery = delivery
        if isinstance(delivery.body, dict) and delivery.body:
            response.payloads.append(delivery.body)
        return response

    def _response(self) -> Response:
        token = f"r{self._world.number()}"
        until = asyncio.get_running_loop().time() + self.response_seconds
        response = self._responses[token] = Response(url=f"{self.url}/response/{token}", until=until)
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
        event: Payload = {
            "type": "message",
            "channel": message.channel.id,
            "channel_type": message.channel.kind,
            "user": message.author,
            "team": message.channel.team.id,
            "text": message.text,
            "ts": message.ts,
            "client_msg_id": f"m-{message.ts}",
            "blocks": [{"type": "rich_text", "block_id": "b", "elements": []}],
        }
        if message.thread_ts:
            event |= {"thread_ts": message.thread_ts}
        if message.files:
            event |= {"files": list(message.files), "subtype": "file_share"}
        return event

    def _file(self, name: str, content: bytes) -> Payload:
        self.files[name] = content
        return {
            "id": f"F{self._world.number()}",
            "name": name,
            "mimetype": "text/plain",
            "filetype": "text",
            "size": len(content),
            "url_private": f"{self.url}/files/{name}",
        }
