"""How what became of a request is kept, with all that has changed while it was worked on."""

import time
from contextlib import suppress
from dataclasses import replace

from adapters.stores.redis.changes import publication
from adapters.stores.redis.client import Client
from adapters.stores.redis.cluster import Command
from adapters.stores.redis.codec import Unreadable
from adapters.stores.redis.keys import Keys
from adapters.stores.redis.limits import MOST_SESSIONS, MOST_TURNS
from adapters.stores.redis.script import Script
from adapters.stores.redis.transcript import Transcript, place_at_work
from bot.conversation.content import requote
from bot.conversation.requests import ONCE, Claim, Work
from bot.conversation.turns import Turn


class Commits:
    """Remembers turns."""

    def __init__(self, redis: Client, transcript: Transcript) -> None:
        self._redis = redis
        self._recent = transcript.recent
        self._transcript = transcript
        self._commit = Script("commit", over_limit=True)

    async def commit(self, keys: Keys, claim: Claim, turn: Turn | None) -> int | str:
        """What `commit.lua` says; what changed meanwhile is changed in the turn."""
        forgotten, requoted = 0, 0
        while (became := await self._committed(keys, claim, turn, forgotten, requoted)) == "changed":
            people = frozenset(map(str, await self._redis.smembers(keys["forgotten"])))
            flat = list(map(str, await self._redis.lrange(keys["requoted"], 0, -1)))
            forgotten, requoted = len(people), len(flat)
            turn = turn and turn.without(self._transcript.people.among(people))
            for message, text in zip(flat[::2], flat[1::2], strict=True):
                turn = turn and replace(turn, quotes=requote(turn.quotes, message, self._new_words(text)))
        if turn is not None and isinstance(became, int):
            self._note(claim, turn)
        return became

    def _new_words(self, text: str) -> str:
        """What a message says that was edited, as it is kept; nothing where that can't be read."""
        with suppress(Unreadable):
            return self._transcript.lines.read(text)
        return ""

    def _note(self, claim: Claim, turn: Turn) -> None:
        """Remember a turn behind those that were there at its claim: what has changed else says the store."""
        key, known = claim.message.channel.key, self._recent.tail(claim.message.channel.key)
        if claim.request.work is Work.ANSWER and known.number:
            self._recent.remember(key, known.with_turns(known.number, [turn]))
        else:
            self._recent.forget(key)

    async def _committed(
        self, keys: Keys, claim: Claim, turn: Turn | None, forgotten: int, requoted: int
    ) -> int | str:
        line, files, keeping = (
            ("", "", list[Command]()) if turn is None else self._transcript.dumped(keys, turn)
        )
        parts = ("inbox", "messages", "lease", "state", "history")
        *_, became = await self._commit.after(
            [*keeping, *self._transcript.replying(keys, claim.message.id, turn.replies if turn else ())],
            self._redis,
            [
                *(keys[part] for part in parts),
                *(keys.sessions, keys["forgotten"], keys["seen"], keys.texts, keys.text_ages),
                *(keys["requoted"], keys.at_work, keys["ids"], keys["files"]),
            ],
            [
                claim.fence,
                claim.request.id,
                claim.epoch,
                line,
                time.time() - self._transcript.kept,
                self._transcript.kept,
                MOST_TURNS,
                claim.message.channel.channel,
                MOST_SESSIONS,
                turn.message if turn else "",
                turn.asked_at if turn else 0,
                int(claim.request.work in ONCE),
                forgotten,
                requoted,
                place_at_work(keys),
                files,
                *publication(claim.message.channel, message=claim.request.id),
            ],
        )
        result: int | str = became
        return result
