"""The Web API's methods: what each does to the world, and what it refuses."""

import asyncio
from collections.abc import Callable

from tests.servers.slack.world import Channel, Message, Payload, Team, View, World

MARKDOWN_LENGTH, UPDATE_LENGTH = 12_000, 4000

SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.startStream": "chat:write",
    "chat.appendStream": "chat:write",
    "chat.stopStream": "chat:write",
    "agents.sessions.setStatus": "chat:write",
    "users.info": "users:read",
}
"""What a method needs, from its page; the others here need nothing."""


class No(Exception):
    """Slack says no: `ok: false` with HTTP 200."""


class Methods:
    """One method each, by Slack's names with an underscore for each dot."""

    def __init__(self, world: World, stream_seconds: float, echo: Callable[[Message, bool], None]) -> None:
        self._world = world
        self.stream_seconds = stream_seconds
        self._echo = echo

    def call(self, method: str, team: Team, body: Payload) -> Payload:
        handler = getattr(self, method.replace(".", "_"), None)
        if handler is None:
            raise No("unknown_method")
        if SCOPES.get(method, "") not in {"", *team.scopes}:
            raise No("missing_scope")
        answer: Payload = handler(team, body) or {}
        self._world.ring()
        return answer

    def auth_test(self, team: Team, body: Payload) -> Payload:
        return {"team_id": team.id, "user_id": team.bot_user, "bot_id": team.bot_id, "team": team.name}

    def chat_postMessage(self, team: Team, body: Payload) -> Payload:
        channel, text = self._channel(team, body["channel"]), self._text(body, 40_000)
        message = self._world.add(
            channel,
            team.bot_user,
            text,
            thread_ts=body.get("thread_ts") or "",
            unfurl=body.get("unfurl_links", True) or body.get("unfurl_media", True),
            blocks=body.get("blocks") or [],
        )
        self._echo(message, False)
        return {"ts": message.ts, "channel": channel.id}

    def chat_postEphemeral(self, team: Team, body: Payload) -> Payload:
        channel, text = self._channel(team, body["channel"]), self._text(body, 40_000)
        message = self._world.add(
            channel,
            team.bot_user,
            text,
            thread_ts=body.get("thread_ts") or "",
            ephemeral_to=body["user"],
        )
        return {"message_ts": message.ts}

    def chat_update(self, team: Team, body: Payload) -> Payload:
        message = self._own(team, body)
        now = asyncio.get_running_loop().time()
        if message.streaming_until > now and not message.stopped:
            raise No("streaming_state_conflict")
        message.streaming_until = 0.0
        self._world.show(message, self._text(body, UPDATE_LENGTH, cut=False))
        self._echo(message, True)
        return {"ts": message.ts, "channel": message.channel.id}

    def chat_startStream(self, team: Team, body: Payload) -> Payload:
        channel = self._channel(team, body["channel"])
        if not body.get("thread_ts"):
            raise No("invalid_arguments")
        if channel.kind != "im":
            for name in ("recipient_user_id", "recipient_team_id"):
                if not body.get(name):
                    raise No(f"missing_{name}")
        text = str(body.get("markdown_text") or "")
        self._fits(text)
        until = asyncio.get_running_loop().time() + self.stream_seconds
        message = self._world.add(
            channel, team.bot_user, text, thread_ts=body["thread_ts"], streaming_until=until
        )
        return {"ts": message.ts, "channel": channel.id}

    def chat_appendStream(self, team: Team, body: Payload) -> Payload:
        message, text = self._streaming(team, body), str(body["markdown_text"])
        self._fits(message.text + text)
        self._world.show(message, message.text + text)
        return {"ts": message.ts, "channel": message.channel.id}

    def chat_stopStream(self, team: Team, body: Payload) -> Payload:
        message = self._streaming(team, body)
        if text := body.get("markdown_text"):
            self._fits(message.text + text)
            self._world.show(message, message.text + text)
        message.streaming_until = 0.0
        self._world.statuses.setdefault((message.channel.id, message.thread_ts), []).append("active")
        return {"ts": message.ts, "channel": message.channel.id}

    def agents_sessions_setStatus(self, team: Team, body: Payload) -> Payload:
        channel = self._channel(team, body["channel_id"])
        self._world.statuses.setdefault((channel.id, body["thread_ts"]), []).append(body["status"])
        return {"status": body["status"]}

    def users_info(self, team: Team, body: Payload) -> Payload:
        user = self._world.users.get(body["user"])
        if user is None:
            raise No("user_not_found")
        profile = {"display_name": user.name, "real_name": user.name}
        return {"user": {"id": user.id, "name": user.name, "profile": profile, "locale": user.locale}}

    def views_open(self, team: Team, body: Payload) -> Payload:
        user = self._world.triggers.pop(body["trigger_id"], None)
        if user is None:
            raise No("expired_trigger_id")
        view = View(id=f"V{self._world.number()}", user=user, content=body["view"])
        self._world.views.append(view)
        return {"view": {**body["view"], "id": view.id}}

    def views_publish(self, team: Team, body: Payload) -> Payload:
        self._world.homes[body["user_id"]] = body["view"]
        return {"view": body["view"]}

    def _channel(self, team: Team, name: str) -> Channel:
        channel = self._world.channels.get((team.id, name))
        if channel is None:
            raise No("channel_not_found")
        if not channel.with_bot:
            raise No("not_in_channel")
        if channel.archived:
            raise No("is_archived")
        return channel

    def _own(self, team: Team, body: Payload) -> Message:
        message = self._channel(team, body["channel"]).messages.get(body["ts"])
        if message is None:
            raise No("message_not_found")
        if message.author != team.bot_user:
            raise No("cant_update_message")
        return message

    def _streaming(self, team: Team, body: Payload) -> Message:
        message = self._own(team, body)
        if message.stopped:
            raise No("stopped_by_user")
        if not message.streaming_until or message.broken:
            raise No("message_not_in_streaming_state")
        return message

    def _text(self, body: Payload, longest: int, *, cut: bool = True) -> str:
        if body.get("markdown_text"):
            if body.get("text"):
                raise No("markdown_text_conflict")
            self._fits(body["markdown_text"])
            return str(body["markdown_text"])
        text = str(body.get("text") or "")
        if not text:
            raise No("no_text")
        if len(text) > longest and not cut:
            raise No("msg_too_long")
        return text[:longest]

    def _fits(self, text: str) -> None:
        if len(text) > MARKDOWN_LENGTH:
            raise No("msg_too_long")
