"""What is set for channels and workspaces, on Redis: `bot.ports.ChannelSettings`."""

from collections.abc import Mapping

from redis.asyncio import Redis

from adapters.stores.redis.changes import publication
from adapters.stores.redis.codec import Unreadable, dump_setting, load_text
from adapters.stores.redis.keys import Keys
from adapters.stores.redis.script import store_errors
from adapters.stores.redis.transcript import Settings, Transcript, values
from bot.conversation.events import ChannelRef
from bot.conversation.settings import Layer, Layers, is_text


class RedisChannelSettings:
    """What is set stays until it is changed. A text that somebody sets again, as from the saved ones, stays
    its first author's."""

    def __init__(self, redis: Redis, transcript: Transcript) -> None:
        self._redis = redis
        self._transcript = transcript

    async def read(self, channel: ChannelRef) -> Layers:
        with store_errors():
            own, workspace = await self._both(Keys(channel))
        return Layers(channel=values(own), workspace=values(workspace), private=channel.private)

    async def _both(self, keys: Keys) -> tuple[Settings, Settings]:
        look = self._redis.pipeline(transaction=False)
        look.hgetall(keys.settings)
        if keys.channel.home:
            look.hgetall(keys.workspace)
        own, *workspace = await look.execute()
        return (
            await self._transcript.settings(keys, keys.settings, own),
            await self._transcript.settings(keys, keys.workspace, workspace[0]) if workspace else {},
        )

    async def change(self, channel: ChannelRef, changes: Layer, *, by: str, workspace: bool = False) -> None:
        keys = Keys(channel)
        with store_errors():
            authors = await self._authors(keys, changes, by)
            noting = self._transcript.people.noting(
                [by, *authors.values()], channel, for_good=bool(authors) or channel.private
            )
            write = self._redis.pipeline(transaction=False)
            for command in noting:
                write.execute_command(*command)
            key = keys.workspace if workspace else keys.settings
            for name, value in changes.items():
                if value is None:
                    write.hdel(key, name)
                else:
                    write.hset(key, name, dump_setting(value, authors.get(name, "")))
            write.hincrby(keys["state"], "version", 1)
            write.expire(keys["state"], self._transcript.kept)
            *_, version, _ = await write.execute()
            where, change = publication(channel)
            await self._redis.publish(where, f"{change}{version}]")

    async def _authors(self, keys: Keys, changes: Layer, by: str) -> dict[str, str]:
        """Whose each of the texts is that `by` sets, by its field."""
        texts = {name: str(value) for name, value in changes.items() if is_text(name) and value is not None}
        if not texts:
            return {}
        own, workspace = await self._both(keys)
        known = _written(await self._transcript.hash(keys.texts))
        for settings in (workspace, own):
            known |= {str(text): author for text, author in settings.values() if author}
        return {name: known.get(text, by) for name, text in texts.items()}


def _written(stored: Mapping[str, str]) -> dict[str, str]:
    """Who wrote each of the texts that turns refer to."""
    known = {}
    for line in stored.values():
        try:
            text, author = load_text(line)
        except Unreadable:
            continue
        if text and author:
            known[text] = author
    return known
