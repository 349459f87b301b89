"""What people do in the local Slack, and what Slack tells the bot of it."""

import asyncio
import mimetypes
import time
from collections.abc import Coroutine
from typing import Any

from tests.servers.slack.interactions import Interactions
from tests.servers.slack.transports import Delivery, Transports
from tests.servers.slack.world import Channel, Message, Payload, Team, User, World


class People(Interactions):
    """`mention_order`: which of a mention's two events comes first; "" for chance."""

    def __init__(self, world: World, transports: Transports) -> None:
        super().__init__(world, transports)
        self.mention_order = ""
        self.files: dict[str, bytes] = {}
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
        elsewhere: bool = False,
        blocks: list[Payload] | None = None,
        more: Payload | None = None,
    ) -> Message:
        """Write `text`, in Slack's own escapes. `mention`: with the bot's name before it. `elsewhere`: in
        another workspace that shares the channel, so that of files the event has ids alone. `more`: what
        else the event says."""
        if mention:
            text = f"<@{channel.team.bot_user}> {text}"
        attached = tuple(self._file(name, content) for name, content in (files or {}).items())
        message = self._world.add(
            channel,
            user.id,
            text,
            thread_ts=thread,
            files=tuple(map(_stub, attached)) if elsewhere else attached,
            blocks=blocks or [],
            more=more or {},
        )
        event = self._message(message)
        if f"<@{channel.team.bot_user}" in text and channel.kind != "im":
            hidden = ("channel_type", "subtype")
            twin = {name: value for name, value in event.items() if name not in hidden}
            events = [event, {**twin, "type": "app_mention"}]
            if self.mention_order == "app_mention" or (
                not self.mention_order and self._world.chance.random() < 0.5
            ):
                events.reverse()
        else:
            events = [event]
        for each in events:
            self.aside(self._transports.deliver_until_taken(self.envelope(channel.team, each)))
            await asyncio.sleep(0.005)
        return message

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

    async def edit(self, message: Message, text: str) -> None:
        """Change what one of one's messages says."""
        before = self._message(message)
        self._world.show(message, text)
        await self.happen(message.channel.team, self._changed(message, before))

    async def unfurl(self, message: Message) -> None:
        """Slack shows a preview of a link below a message: that is a change, too, but of nobody's words."""
        event = self._changed(message, self._message(message))
        event["message"]["attachments"] = [{"from_url": "https://example.org", "id": 1}]
        await self.happen(message.channel.team, event)

    async def delete(self, message: Message) -> None:
        """Take one of one's messages away; where it has replies, a tombstone stays in its place."""
        before = self._message(message)
        replies = [each for each in message.channel.messages.values() if each.thread_ts == message.ts]
        if any(not each.ephemeral_to for each in replies):
            event = self._changed(message, {**before, "thread_ts": message.ts})
            event["message"] = {
                "type": "message",
                "subtype": "tombstone",
                "text": "This message was deleted.",
                "user": "USLACKBOT",
                "hidden": True,
                "thread_ts": message.ts,
                "ts": message.ts,
            }
        else:
            event = self._deleted(message, before)
        del message.channel.messages[message.ts]
        await self.happen(message.channel.team, event)

    async def react(self, message: Message, user: User, name: str) -> None:
        """Put an emoji below a message."""
        event = {
            "type": "reaction_added",
            "user": user.id,
            "reaction": name,
            "item_user": message.author,
            "item": {"type": "message", "channel": message.channel.id, "ts": message.ts},
        }
        await self.happen(message.channel.team, event)

    def echo(self, message: Message, kind: str) -> None:
        """The bot hears itself: what it posts, edits (`message_changed`) and deletes (`message_deleted`)."""
        event = self._message(message)
        if kind == "message_changed":
            event = self._changed(message, event)
        elif kind:
            event = self._deleted(message, event)
        self.aside(self._transports.deliver_until_taken(self.envelope(message.channel.team, event)))

    def _changed(self, message: Message, before: Payload) -> Payload:
        return {
            "type": "message",
            "subtype": "message_changed",
            "channel": message.channel.id,
            "channel_type": message.channel.kind,
            "ts": self._world.ts(),
            "message": self._message(message),
            "previous_message": before,
            "hidden": True,
        }

    def _deleted(self, message: Message, before: Payload) -> Payload:
        return {
            "type": "message",
            "subtype": "message_deleted",
            "channel": message.channel.id,
            "channel_type": message.channel.kind,
            "ts": self._world.ts(),
            "deleted_ts": message.ts,
            "previous_message": before,
            "hidden": True,
        }

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def aside(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _file(self, name: str, content: bytes) -> Payload:
        self.files[name] = content
        file: Payload = {
            "id": f"F{self._world.number()}",
            "name": name,
            "mimetype": mimetypes.guess_type(name)[0] or "text/plain",
            "filetype": "text",
            "size": len(content),
            "url_private": f"{self._world.url}/files/{name}",
        }
        self._world.files[file["id"]] = file
        return file


def _stub(file: Payload) -> Payload:
    """What an event tells of a file in another workspace."""
    hidden = {"name": None, "title": None, "size": 0, "mode": "file_access"}
    return {"id": file["id"], **hidden, "file_access": "check_file_info", "is_external": True}
