"""How what is next in a conversation is leased, with all that it needs."""

import time
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from adapters.stores.redis.client import Client
from adapters.stores.redis.cluster import Command
from adapters.stores.redis.codec import FIRST, PROMPT, Unreadable, load_dividers
from adapters.stores.redis.keys import Keys
from adapters.stores.redis.recent import UNKNOWN, Tail
from adapters.stores.redis.script import Script
from adapters.stores.redis.transcript import Settings, Transcript, pairs, place_at_work, values
from bot.conversation.layers import Layer, Layers
from bot.conversation.requests import Attempts, Claim, Interruption, Lane, Request
from bot.conversation.settings import PERSONAL
from bot.conversation.turns import Turn

ROOM = 2**53
"""For all turns."""

BETWEEN = "\0"
"""What stands between the records of turns: none has it, as JSON writes it otherwise."""

NOTED = 24 * 3600.0
"""Seconds for which a conversation is in the index of a prompt's author without being noted there again: the
index is kept for weeks."""

MOST_NOTED = 10_000
"""Conversations of which that is known here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claiming:
    """Where something is claimed, what is known of the turns there, and how much room there is for them; the
    commands that come before the script, its keys and its arguments."""

    place: Keys
    known: Tail
    room: int | None
    before: Sequence[Command]
    keys: Sequence[str]
    arguments: Command


class Claims:
    """`lease`: as in `RedisRequests`."""

    def __init__(self, redis: Client, transcript: Transcript, *, lease: float) -> None:
        self._redis = redis
        self._transcript = transcript
        self._lines = transcript.lines
        self._people = transcript.people
        self._recent = transcript.recent
        self._lease = lease
        self._claim = Script("claim", over_limit=True)
        self._noted: OrderedDict[str, dict[str, float]] = OrderedDict()

    async def claim(self, keys: Keys, room: int | None) -> Claim | None:
        """As in `bot.ports.Requests`."""
        claiming = self.claiming(keys, room)
        given = await self._claim.after(claiming.before, self._redis, claiming.keys, claiming.arguments)
        while given[-1]:
            if (claim := await self.claimed(claiming, given)) is not None:
                return claim
            given = await self._claim.after(claiming.before, self._redis, claiming.keys, claiming.arguments)
        return None

    def claiming(self, keys: Keys, room: int | None) -> Claiming:
        """How to claim what is next there."""
        channel = keys.channel
        # Whoever writes the first format does not say what it has changed.
        current = self._transcript.formats.written > FIRST
        known = self._recent.tail(channel.key) if current else UNKNOWN
        return Claiming(
            place=keys,
            known=known,
            room=room,
            before=[["HGETALL", keys.texts], *([["HGETALL", keys.workspace]] if channel.home else [])],
            keys=[
                *(keys[part] for part in ("inbox", "messages", "lease", "state", "history")),
                *(keys.settings, keys.personal, keys["requoted"], keys.at_work),
                *(keys["ids"], keys["files"], keys.texts),
            ],
            arguments=[
                int(self._lease * 1000),
                self._transcript.kept,
                place_at_work(keys),
                ROOM if room is None else room,
                known.number,
                known.last,
                " ".join(self._noted.get(channel.key, ())),
                *PERSONAL,
            ],
        )

    async def claimed(self, claiming: Claiming, given: Sequence[Any]) -> Claim | None:
        """What the commands and the script have given; `None` where the request can't be read, and is set
        aside."""
        texts, *workspace, claimed = given
        [name, line, *_] = claimed
        request = (await self._transcript.requests(claiming.place, {name: line})).get(name)
        if request is None:
            return None
        return await self._claimed(claiming, request, claimed, texts, workspace)

    async def _claimed(
        self,
        claiming: Claiming,
        request: Request,
        claimed: Sequence[Any],
        stored: dict[str, str],
        workspace: Sequence[dict[str, str]],
    ) -> Claim:
        keys = claiming.place
        _, _, fence, epoch, told, flat, personal, *state = claimed
        text, replies, ended, account, how, failures, deaths, reset_at, dividers, flat_kept, silent = state
        kept = pairs(flat_kept)
        own = await self._settings(keys, keys.settings, pairs(flat), kept)
        above = await self._settings(keys, keys.workspace, workspace[0], kept) if workspace else {}
        texts = await self._transcript.readable_texts(keys, stored)
        earlier, turns, turn = await self._turns(claiming, request, told, texts)
        shown = {"text": text, "replies": replies, "ended": ended, "account": account}
        return Claim(
            request=request,
            earlier=earlier,
            turns=turns,
            turn=turn,
            dividers=load_dividers(dividers),
            settings=Layers(
                workspace=values(above),
                channel=values(own),
                personal=await self._personal(keys, request, pairs(personal)),
                private=keys.channel.private,
            ),
            progress=await self._transcript.progress(keys, shown, texts),
            interruption=Interruption(how) if how else None,
            fence=fence,
            epoch=epoch,
            reset_at=float(reset_at),
            attempts=Attempts(failures=failures, deaths=deaths),
            silent=None if silent == "" else int(silent) / 1000,
        )

    async def _turns(
        self, claiming: Claiming, request: Request, told: Sequence[Any], texts: dict[str, str]
    ) -> tuple[int, tuple[Turn, ...], Turn | None]:
        """How many turns stand before those that come with a claim, these, and the one that it is about."""
        keys, (number, count, is_known, records, files, own) = claiming.place, told
        about = None
        if own:
            for _, turn in await self._transcript.turns(keys, own[:1], texts, {request.message.id: own[1]}):
                about = turn
        newest_first = records.split(BETWEEN) if records else []
        turns = await self._transcript.turns(keys, newest_first[::-1], texts, pairs(files))
        tail = (claiming.known if is_known else UNKNOWN).with_turns(number, [turn for _, turn in turns])
        tail = tail.within(count, claiming.room)
        if keys.lane is Lane.QUESTIONS and about is None:
            self._recent.remember(keys.channel.key, tail)
        oldest = time.time() - self._transcript.kept
        fresh = tuple(turn for turn in tail.turns if turn.asked_at >= oldest)
        return max(0, count - len(tail.turns)), fresh, about

    async def _settings(self, keys: Keys, key: str, stored: dict[str, str], kept: dict[str, str]) -> Settings:
        """What is set; a text that an answer may be written under is kept from now on with its author.

        Somebody may be forgotten meanwhile: their index has the conversation first; then whoever forgets them
        comes by here, unless the text is gone already. `kept`: what of the texts that were noted here lately
        was there when it was claimed: whoever forgets one's author comes by here.
        """
        settings = await self._transcript.settings(keys, key, stored)
        text, author = settings.get(PROMPT, (None, ""))
        if not text:
            return settings
        digest = self._people.pseudonym(str(text))
        if self._is_noted(keys, digest) and self._is_kept(kept.get(digest, ""), str(text), author):
            return settings
        noting = self._people.noting([author], keys.channel)
        *_, stands = await self._transcript.carry_out([*noting, ["HGET", key, PROMPT]])
        if stands != stored[PROMPT]:
            return await self._settings(keys, key, await self._transcript.hash(key), kept)
        if await self._transcript.keep_text(keys, str(text), author):
            self._note(keys, digest)
        else:
            del settings[PROMPT]
        return settings

    async def _personal(self, keys: Keys, request: Request, found: dict[str, str]) -> Layer:
        """What is set by who asks. The script finds it as most of it lies."""
        if self._lines.sealing.ids and self._lines.sealing.mixed:
            return await self._transcript.own(keys, request.message.person)
        return await self._transcript.personal(keys, found)

    def _is_kept(self, line: str, text: str, author: str) -> bool:
        """Whether a text is kept, with its author."""
        with suppress(Unreadable):
            return self._lines.load_text(line) == (text, author)
        return False

    def _is_noted(self, keys: Keys, digest: str) -> bool:
        """Whether the author's index was told of this conversation a moment ago."""
        return self._noted.get(keys.channel.key, {}).get(digest, 0.0) > time.monotonic() - NOTED

    def _note(self, keys: Keys, digest: str) -> None:
        latest = list(self._noted.pop(keys.channel.key, {}).items())[-1:]
        self._noted[keys.channel.key] = {**dict(latest), digest: time.monotonic()}
        if len(self._noted) > MOST_NOTED:
            self._noted.popitem(last=False)
