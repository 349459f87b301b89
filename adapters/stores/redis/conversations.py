"""What was said, on Redis: `bot.ports.Conversations`. A turn is a line of its conversation's history."""

import textwrap
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from adapters.stores.redis.changes import publication
from adapters.stores.redis.client import Client, round_trip
from adapters.stores.redis.cluster import Command
from adapters.stores.redis.codec import (
    Unreadable,
    dump,
    dump_dividers,
    load_channel,
    load_dividers,
    mention,
)
from adapters.stores.redis.keys import HISTORIES, TURNS, Keys
from adapters.stores.redis.latest import latest_index
from adapters.stores.redis.requests import DAY
from adapters.stores.redis.script import Script, store_errors
from adapters.stores.redis.transcript import Transcript, whole
from bot.conversation.content import requote
from bot.conversation.events import Address, ChannelRef, Said
from bot.conversation.requests import (
    Interruption,
    Reached,
    Request,
    Running,
    Snapshot,
    State,
    question_request,
)
from bot.conversation.turns import Divider, Session, Turn

TITLE_LENGTH = 80

QUOTE = "quote"
"""What becomes of a message that is meant for others: it is looked for in quotes alone."""


class RedisConversations:
    """One for each process."""

    def __init__(self, redis: Client, transcript: Transcript) -> None:
        self._redis = redis
        self._transcript = transcript
        self._lines = transcript.lines
        self._look, self._interrupt, self._reset, self._divide = (
            Script(name, over_limit=True) for name in ("look", "interrupt", "reset", "divide")
        )

    async def read(self, channel: ChannelRef, message: str | None = None) -> Snapshot:
        keys = Keys(channel)
        look: list[Command] = [
            ["HGETALL", keys["state"]],
            ["HGETALL", keys["messages"]],
            ["ZRANGE", keys["inbox"], 0, -1],
        ]
        with store_errors():
            (state, messages, inbox), texts, earlier, turns = await self._turns(keys, message, look)
            requests = await self._transcript.requests(keys, messages)
            progress = await self._transcript.progress(keys, state, texts)
        running = requests.pop(state.get("current", ""), None)
        return Snapshot(
            version=whole(state.get("version")),
            earlier=earlier,
            turns=tuple(turn for _, turn in turns),
            dividers=load_dividers(state.get("dividers", "")),
            running=Running(request=running, progress=progress) if running else None,
            waiting=tuple(requests[name] for name in inbox if name in requests),
        )

    async def _turns(
        self, keys: Keys, message: str | None, look: Sequence[Command] = ()
    ) -> tuple[list[Any], dict[str, str], int, list[tuple[str, Turn]]]:
        """What these commands give, and the texts that turns refer to; how many turns stand before the first
        that is given, and these with their lines: all, or the one of that message."""
        look = [*look, ["HGETALL", keys.texts]]
        files: dict[str, str] = {}
        earlier = 0
        if message is None:
            *looked, stored, lines = await round_trip(
                self._redis, [*look, ["LRANGE", keys["history"], 0, -1]]
            )
        else:
            *looked, stored, found = await self._look.after(
                look, self._redis, [*keys.turns, keys.reply(message)], [message]
            )
            lines = found[:1]
            if found:
                files, earlier = {found[1]: found[2]} if found[2] else {}, found[3]
        texts = await self._transcript.readable_texts(keys, stored)
        return looked, texts, earlier, await self._transcript.turns(keys, lines, texts, files)

    async def amend(self, channel: ChannelRef, before: Turn, after: Turn | None) -> bool:
        keys = Keys(channel)
        with store_errors():
            *_, turns = await self._turns(keys, before.message)
            for line, turn in turns:
                if replace(turn, files=()) == replace(before, files=()):  # they stay as they are
                    return await self._transcript.amend(keys, line, turn, after)
        return False

    async def reset(self, channel: ChannelRef) -> int:
        keys = Keys(channel)
        self._transcript.recent.forget(channel.key)
        with store_errors():
            turns: int = await self._reset(
                self._redis, [*keys.turns, keys["state"]], [self._transcript.kept, *publication(channel)]
            )
        return turns

    async def divide(self, channel: ChannelRef, before: Sequence[Divider], after: Sequence[Divider]) -> bool:
        keys = Keys(channel)
        with store_errors():
            stand = str(await self._redis.hget(keys["state"], "dividers") or "")
            if load_dividers(stand) != tuple(before):
                return False
            divided = await self._divide(
                self._redis,
                [keys["state"]],
                [stand, dump_dividers(after), self._transcript.kept, *publication(channel)],
            )
        return bool(divided)

    async def sessions(self, channel: ChannelRef, *, most: int = 10) -> Sequence[Session]:
        keys = Keys(channel)
        with store_errors():
            latest: list[tuple[str, float]] = await self._redis.zrange(  # type: ignore[assignment]  # decoded
                keys.sessions, 0, most - 1, desc=True, withscores=True
            )
            first = await round_trip(
                self._redis, [["LINDEX", keys.of(name, "history"), 0] for name, _ in latest]
            )
            sessions = []
            for (name, asked_at), line in zip(latest, first, strict=True):
                if line is not None:
                    place = Keys(replace(channel, channel=name))
                    for _, turn in await self._transcript.turns(place, [line], {}, {}):
                        title = textwrap.shorten(turn.question, TITLE_LENGTH, placeholder="…")
                        sessions.append(Session(channel=name, title=title, asked_at=asked_at))
        return sessions

    async def of_message(self, channel: ChannelRef, message: str) -> ChannelRef | None:
        with store_errors():
            found = await self._redis.get(Keys(channel).reply(message))
        try:
            return None if found is None else load_channel(str(found))
        except Unreadable:
            return None

    async def interrupt(
        self, channel: ChannelRef, message: str, how: Interruption, revised: Said | None = None
    ) -> Reached:
        keys = Keys(channel)
        for_others = revised is not None and revised.address is Address.OVERHEARD
        with store_errors():
            if revised is not None and not for_others:
                people = [each.person for each in revised.quotes]
                noting = self._transcript.people.noting(people, channel)
                await self._transcript.carry_out([*noting, *self._transcript.quoting(keys, revised.quotes)])
            reached, quoting = await self._reach(keys, message, QUOTE if for_others else how, revised)
            for member in quoting:
                with suppress(Unreadable):
                    if (elsewhere := load_channel(member)) != channel:
                        await self._reach(Keys(elsewhere), message, QUOTE, revised)
        return reached

    async def _reach(
        self, keys: Keys, message: str, how: str, revised: Said | None
    ) -> tuple[Reached, Sequence[str]]:
        """What became of it in one conversation, and those which quote the message, or may soon."""
        text = revised.text if revised else ""
        while True:
            state, history, waiting, quoting = await self._interrupt(
                self._redis,
                [
                    *(keys[part] for part in ("inbox", "messages", "seen", "state", "history")),
                    *(keys.quoted(message), keys["requoted"], keys.at_work, keys["ids"]),
                ],
                [
                    message,
                    how,
                    self._lines.request(question_request(revised)) if revised else "",
                    self._lines.seal(text),
                    DAY,
                    mention(message),
                    dump(keys.channel),
                    *publication(keys.channel, message=message, how=how),
                    *self._lines.same_texts(text),
                ],
            )
            reached = Reached(state=State(state))
            if not history and not waiting:
                return reached, quoting
            texts = await self._transcript.texts(keys)
            turns = await self._transcript.turns(keys, history, texts, {})
            lines = dict(zip(waiting[::2], waiting[1::2], strict=True))
            requests = await self._transcript.requests(keys, lines)
            places = [(name, lines[name], request) for name, request in requests.items()]
            turn = next((each for _, each in turns if each.message == message), None)
            if how == Interruption.WITHDRAW and not await self._forgotten(keys, message, turns):
                continue  # somebody else changed it in between
            if await self._requoted(keys, message, text, turns, places):
                return replace(reached, turn=turn), quoting

    async def _forgotten(self, keys: Keys, message: str, turns: Sequence[tuple[str, Turn]]) -> bool:
        """Forget the turn of a question; whether there is none any more."""
        for line, turn in turns:
            if turn.message == message and not await self._transcript.amend(keys, line, turn, None):
                return False
        return True

    async def _requoted(
        self,
        keys: Keys,
        message: str,
        text: str,
        turns: Sequence[tuple[str, Turn]],
        requests: Sequence[tuple[str, str, Request]],
    ) -> bool:
        """Change what quotes the message; whether nobody else changed it in between."""
        for line, turn in turns:
            quotes = requote(turn.quotes, message, text)
            if quotes != turn.quotes:
                after = replace(turn, quotes=quotes)
                if turn.message != message and not await self._transcript.amend(keys, line, turn, after):
                    return False
        for name, line, request in requests:
            quotes = requote(request.message.quotes, message, text)
            if quotes != request.message.quotes:
                new = self._lines.request(replace(request, message=replace(request.message, quotes=quotes)))
                if not await self._transcript.reword(keys, name, line, new):
                    return False
        return True

    async def latest(self, platform: str, *, private: bool, most: int) -> Sequence[ChannelRef]:
        channels, index, oldest = [], latest_index(platform, private=private), time.time() - DAY
        with store_errors():
            members = await self._redis.zrange(
                index, "+inf", oldest, byscore=True, desc=True, offset=0, num=most
            )
        for member in members:
            with suppress(Unreadable):
                channels.append(load_channel(str(member)))
        return channels

    async def everything(self) -> AsyncIterator[tuple[str, Sequence[Turn]]]:
        """Every conversation's key in the store, and its turns, oldest first, without system prompts.

        It changes nothing: what can't be read is left out.
        """
        with store_errors():
            async for key in self._redis.scan_iter(match=HISTORIES, count=1000):
                lines, files = await self._history(str(key))
                yield str(key), self._readable_turns(lines, files)

    async def _history(self, key: str) -> tuple[list[str], dict[str, str]]:
        """The lines of a conversation's turns, and the texts of their files."""
        beside = f"{key.removesuffix(TURNS[0])}{TURNS[2]}"
        lines, files = await round_trip(self._redis, [["LRANGE", key, 0, -1], ["HGETALL", beside]])
        return lines, files

    def _readable_turns(self, lines: Sequence[str], files: Mapping[str, str]) -> list[Turn]:
        turns = []
        for line in lines:
            with suppress(Unreadable):
                turns.append(self._lines.load_turn(line, {}, files))
        return turns
