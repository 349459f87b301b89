"""What is set for workspaces, channels and people in them, on Redis: `bot.ports.ChannelSettings`."""

from adapters.stores.redis.changes import publication
from adapters.stores.redis.client import Client, round_trip
from adapters.stores.redis.cluster import Command
from adapters.stores.redis.keys import Keys
from adapters.stores.redis.script import Script, store_errors
from adapters.stores.redis.transcript import Settings, Transcript, values
from bot.conversation.events import ChannelRef
from bot.conversation.layers import Layer, Layers, Scope
from bot.conversation.settings import PERSONAL, is_text


class RedisChannelSettings:
    """What is set stays until it is changed. A text that somebody sets again, as from the saved ones, stays
    its first author's."""

    def __init__(self, redis: Client, transcript: Transcript) -> None:
        self._redis = redis
        self._transcript = transcript
        self._changed = Script("changed")

    async def read(self, channel: ChannelRef, person: str) -> Layers:
        keys = Keys(channel)
        with store_errors():
            own, workspace, personal = await self._read(keys, person)
        return Layers(
            channel=values(own), workspace=values(workspace), personal=personal, private=channel.private
        )

    async def _read(self, keys: Keys, person: str) -> tuple[Settings, Settings, Layer]:
        """What is set for the channel, for its workspace, and by this person."""
        names = [each for name in PERSONAL for each in self._transcript.personal_fields(name, person)]
        look = [["HGETALL", keys.settings], ["HMGET", keys.personal, *names]]
        if keys.channel.home:
            look.append(["HGETALL", keys.workspace])
        own, lines, *workspace = await round_trip(self._redis, look)
        theirs = {name: line for name, line in zip(names, lines, strict=True) if line is not None}
        return (
            await self._transcript.settings(keys, keys.settings, own),
            await self._transcript.settings(keys, keys.workspace, workspace[0]) if workspace else {},
            await self._transcript.personal(keys, theirs),
        )

    async def change(
        self, channel: ChannelRef, changes: Layer, *, by: str, scope: Scope = Scope.CHANNEL
    ) -> None:
        keys, lines = Keys(channel), self._transcript.lines
        with store_errors():
            authors = await self._authors(keys, changes, by)
            theirs = bool(authors) or channel.private or scope is Scope.ME
            noting = self._transcript.people.noting([by, *authors.values()], channel, for_good=theirs)
            key, personal = _place(keys, scope), scope is Scope.ME
            write: list[Command] = []
            for name, value in changes.items():
                field, *others = (
                    self._transcript.personal_fields(name, by) if personal else lines.setting_fields(name)
                )
                if value is not None:
                    whose = by if personal else authors.get(name, "")
                    write.append(["HSET", key, field, lines.setting(name, value, whose)])
                else:
                    others.append(field)
                if others:
                    write.append(["HDEL", key, *others])
            await round_trip(self._redis, [*noting, *write])
            everywhere = channel.home if scope is Scope.WORKSPACE else channel.scope
            change = publication(channel, scope=everywhere)
            await self._changed(self._redis, [keys["state"]], [self._transcript.kept, *change])

    async def _authors(self, keys: Keys, changes: Layer, by: str) -> dict[str, str]:
        """Whose each of the texts is that `by` sets, by its field."""
        texts = {name: str(value) for name, value in changes.items() if is_text(name) and value is not None}
        if not texts:
            return {}
        own, workspace, _ = await self._read(keys, by)
        known = {text: author for text, author in (await self._transcript.written(keys)).values() if author}
        for settings in (workspace, own):
            known |= {str(text): author for text, author in settings.values() if author}
        return {name: known.get(text, by) for name, text in texts.items()}


def _place(keys: Keys, scope: Scope) -> str:
    """Where something lies that is set for these."""
    match scope:
        case Scope.ME:
            return keys.personal
        case Scope.CHANNEL:
            return keys.settings
        case Scope.WORKSPACE:
            return keys.workspace
