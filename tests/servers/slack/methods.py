"""The Web API's methods: what each does to the world, and what it refuses."""

import asyncio
import json
import re
from collections.abc import Callable

from tests.servers.slack.block_kit import MARKDOWN_LENGTH, check, check_view, text_of
from tests.servers.slack.world import Channel, Message, No, Payload, Team, Upload, View, World

UPDATE_LENGTH = 4000

SCOPES = {
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.delete": ("chat:write",),
    "chat.startStream": ("chat:write",),
    "chat.appendStream": ("chat:write",),
    "chat.stopStream": ("chat:write",),
    "agents.sessions.setStatus": ("chat:write",),
    "users.info": ("users:read",),
    "conversations.info": ("channels:read", "groups:read", "im:read", "mpim:read"),
    "conversations.history": ("channels:history", "groups:history", "im:history", "mpim:history"),
    "conversations.replies": ("channels:history", "groups:history", "im:history", "mpim:history"),
    "files.info": ("files:read",),
    "conversations.open": ("im:write", "mpim:write"),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
}
"""What a method needs, from its page: one of these; the others here need nothing."""


def _metadata(body: Payload) -> Payload:
    """What a message carries unseen: a kind in letters and digits, and values."""
    metadata = body.get("metadata") or {}
    if metadata and not (
        re.fullmatch(r"[A-Za-z0-9_]+", str(metadata.get("event_type")))
        and isinstance(metadata.get("event_payload"), dict)
    ):
        raise No("invalid_metadata_format")
    return dict(metadata)


class Methods:
    """One method each, by Slack's names with an underscore for each dot."""

    def __init__(self, world: World, stream_seconds: float, echo: Callable[[Message, str], None]) -> None:
        self._world = world
        self.stream_seconds = stream_seconds
        self._echo = echo

    def call(self, method: str, team: Team, body: Payload) -> Payload:
        handler = getattr(self, method.replace(".", "_"), None)
        if handler is None:
            raise No("unknown_method")
        if method in SCOPES and not set(SCOPES[method]) & set(team.scopes):
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
            fallback=body.get("text") or "",
            metadata=_metadata(body),
        )
        self._echo(message, "")
        return {"ts": message.ts, "channel": channel.id}

    def chat_postEphemeral(self, team: Team, body: Payload) -> Payload:
        channel, text = self._channel(team, body["channel"]), self._text(body, 40_000)
        message = self._world.add(
            channel,
            team.bot_user,
            text,
            thread_ts=body.get("thread_ts") or "",
            ephemeral_to=body["user"],
            blocks=body.get("blocks") or [],
            fallback=body.get("text") or "",
        )
        return {"message_ts": message.ts}

    def chat_update(self, team: Team, body: Payload) -> Payload:
        message = self._own(team, body)
        now = asyncio.get_running_loop().time()
        if message.streaming_until > now and not message.stopped:
            raise No("streaming_state_conflict")
        message.streaming_until = 0.0
        text = self._text(body, UPDATE_LENGTH, cut=False)
        # A text without blocks takes those that are there away.
        self._world.show(message, text, blocks=body.get("blocks") or [], fallback=body.get("text") or "")
        message.metadata = _metadata(body) if "metadata" in body else message.metadata
        self._echo(message, "message_changed")
        return {"ts": message.ts, "channel": message.channel.id}

    def chat_delete(self, team: Team, body: Payload) -> Payload:
        message = self._own(team, body, "cant_delete_message")
        del message.channel.messages[message.ts]
        self._echo(message, "message_deleted")
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
        if blocks := body.get("blocks"):
            check(blocks, "message")
            self._world.show(message, message.text, blocks=blocks)
        message.metadata = _metadata(body)
        message.streaming_until = 0.0
        self._world.statuses.setdefault((message.channel.id, message.thread_ts), []).append("active")
        return {"ts": message.ts, "channel": message.channel.id}

    def agents_sessions_setStatus(self, team: Team, body: Payload) -> Payload:
        channel = self._channel(team, body["channel_id"])
        self._world.statuses.setdefault((channel.id, body["thread_ts"]), []).append(body["status"])
        return {"status": body["status"]}

    def users_info(self, team: Team, body: Payload) -> Payload:
        if body["user"] == team.bot_user:
            return {"user": {"id": team.bot_user, "name": "mixtral", "is_bot": True, "team_id": team.id}}
        user = self._world.users.get(body["user"])
        if user is None:
            raise No("user_not_found")
        profile = {"display_name": user.name, "real_name": user.name}
        who = {"id": user.id, "name": user.name, "team_id": user.team.id, "is_admin": user.admin}
        return {"user": {**who, "profile": profile, "locale": user.locale}}

    def conversations_info(self, team: Team, body: Payload) -> Payload:
        channel = self._world.channels.get((team.id, body["channel"]))
        if channel is None:
            raise No("channel_not_found")
        kind = {"is_im": channel.kind == "im", "is_mpim": channel.kind == "mpim"}
        return {"channel": {"id": channel.id, "name": channel.name, "creator": channel.creator, **kind}}

    def conversations_replies(self, team: Team, body: Payload) -> Payload:
        """A thread's messages, oldest first; its first one always comes along, as Slack gives it. What they
        carry unseen comes where it is asked for."""
        channel = self._channel(team, body["channel"])
        oldest, latest = float(body.get("oldest") or 0), float(body.get("latest") or "inf")
        unseen = str(body.get("include_all_metadata")).lower() in ("true", "1")
        if body["ts"] not in channel.messages:
            raise No("thread_not_found")
        return {
            "messages": [
                {"ts": each.ts, "thread_ts": body["ts"], "user": each.author, "text": each.text}
                | ({"metadata": each.metadata} if unseen and each.metadata else {})
                | ({"files": list(each.files)} if each.files else {})
                | ({"blocks": each.blocks} if each.blocks else {})
                | each.more
                for each in channel.messages.values()
                if body["ts"] == each.ts
                or (
                    body["ts"] == each.thread_ts
                    and oldest < float(each.ts) < latest
                    and not each.ephemeral_to
                )
            ][: int(body["limit"])]
        }

    def conversations_history(self, team: Team, body: Payload) -> Payload:
        """A channel's messages but for those of its threads, newest first."""
        channel, oldest = self._channel(team, body["channel"]), float(body.get("oldest") or 0)
        found = [
            {"type": "message", "ts": each.ts, "user": each.author, "text": each.text}
            | ({"files": list(each.files)} if each.files else {})
            | ({"blocks": each.blocks} if each.blocks else {})
            | each.more
            for each in channel.messages.values()
            if not each.thread_ts and not each.ephemeral_to and oldest < float(each.ts)
        ]
        return {"messages": found[::-1][: int(body["limit"])]}

    def conversations_open(self, team: Team, body: Payload) -> Payload:
        user = self._world.users.get(body["users"])
        if user is None:
            raise No("user_not_found")
        return {"channel": {"id": self._world.direct(user).id}}

    def files_info(self, team: Team, body: Payload) -> Payload:
        file = self._world.files.get(body["file"])
        if file is None:
            raise No("file_not_found")
        return {"file": file, "comments": [], "response_metadata": {"next_cursor": ""}}

    def files_getUploadURLExternal(self, team: Team, body: Payload) -> Payload:
        upload = f"F{self._world.number()}"
        self._world.uploads[upload] = Upload(name=body["filename"], length=int(body["length"]))
        return {"file_id": upload, "upload_url": f"{self._world.url}/upload/{upload}"}

    def files_completeUploadExternal(self, team: Team, body: Payload) -> Payload:
        channel = self._channel(team, body["channel_id"])
        shared = []
        for file in json.loads(body["files"]):
            upload = self._world.uploads.get(file["id"])
            if upload is None or len(upload.content) != upload.length:
                raise No("file_not_found")
            shared.append({"id": file["id"], "name": upload.name, "title": file["title"]})
        self._world.add(
            channel,
            team.bot_user,
            body.get("initial_comment") or "",
            thread_ts=body.get("thread_ts") or "",
            files=tuple(shared),
        )
        return {"files": shared}

    def views_open(self, team: Team, body: Payload) -> Payload:
        user = self._world.triggers.pop(body["trigger_id"], None)
        if user is None:
            raise No("expired_trigger_id")
        check_view(body["view"])
        view = View(id=f"V{self._world.number()}", user=user, content=body["view"])
        self._world.views.append(view)
        return {"view": {**body["view"], "id": view.id}}

    def views_publish(self, team: Team, body: Payload) -> Payload:
        check_view(body["view"])
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

    def _own(self, team: Team, body: Payload, error: str = "cant_update_message") -> Message:
        message = self._channel(team, body["channel"]).messages.get(body["ts"])
        if message is None:
            raise No("message_not_found")
        if message.author != team.bot_user:
            raise No(error)
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
            if body.get("text") or body.get("blocks"):
                raise No("markdown_text_conflict")
            self._fits(body["markdown_text"])
            return str(body["markdown_text"])
        text = str(body.get("text") or "")
        blocks = body.get("blocks") or []
        if not text and not blocks:
            raise No("no_text")
        if len(text) > longest and not cut:
            raise No("msg_too_long")
        check(blocks, "message")
        return text_of(blocks) or text[:longest]

    def _fits(self, text: str) -> None:
        if len(text) > MARKDOWN_LENGTH:
            raise No("msg_too_long")
