"""Turns and requests as they lie in the store: read, written, and set aside where they can't be read."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from adapters.in_steps import in_steps
from adapters.stores.redis.changes import publication
from adapters.stores.redis.client import Client, round_trip
from adapters.stores.redis.cluster import Command
from adapters.stores.redis.codec import Unreadable, dump, dump_reply, load_replies
from adapters.stores.redis.formats import Formats
from adapters.stores.redis.keys import SET_ASIDE, Keys, personal_field
from adapters.stores.redis.lines import Lines
from adapters.stores.redis.pseudonyms import Pseudonyms
from adapters.stores.redis.recent import Recent
from adapters.stores.redis.script import Script, over_limit
from adapters.stores.redis.sealing import Sealing
from bot.conversation.content import Quote
from bot.conversation.layers import Layer
from bot.conversation.requests import Lane, Progress, Request
from bot.conversation.settings import PERSONAL
from bot.conversation.turns import Turn
from bot.conversation.wellformed import well_formed

logger = logging.getLogger(__name__)

T = TypeVar("T")

Settings = dict[str, tuple[int | float | str | None, str]]
"""What is set, by its field, each with whose text it is."""

DIGITS = 16
"""So many, and a number is none that the scripts count with: they are exact to fifteen."""


class Transcript:
    """`kept`: seconds for which a conversation is kept after its last question."""

    def __init__(
        self, redis: Client, people: Pseudonyms, formats: Formats, sealing: Sealing, *, kept: int
    ) -> None:
        self._redis = redis
        self.formats = formats
        self.lines = Lines(sealing, people)
        self.recent = Recent()
        self.people = people
        self.kept = kept
        self._aside, self._count, self._keep, self._amend, self._reword = (
            Script(name, over_limit=True) for name in ("aside", "count", "keep", "amend", "reword")
        )

    async def texts(self, keys: Keys) -> dict[str, str]:
        """The texts that turns of this channel refer to, by their digests."""
        return await self.readable_texts(keys, await self.hash(keys.texts))

    async def readable_texts(self, keys: Keys, stored: Mapping[str, str]) -> dict[str, str]:
        """Those that can be read; of the others it is as if they were forgotten."""
        return {digest: text for digest, (text, _) in (await self._written(keys, stored)).items()}

    async def written(self, keys: Keys) -> dict[str, tuple[str, str]]:
        """Each of the texts that turns of this channel refer to and who wrote it, by its digest."""
        return await self._written(keys, await self.hash(keys.texts))

    async def _written(self, keys: Keys, stored: Mapping[str, str]) -> dict[str, tuple[str, str]]:
        return await self._readable(
            keys, "text", [keys.texts], stored, lambda _, line: self.lines.load_text(line)
        )

    async def hash(self, key: str) -> dict[str, str]:
        """All that stands under a key."""
        stored: dict[str, str] = await self._redis.hgetall(key)  # type: ignore[assignment]  # decoded
        return stored

    async def whole_turns(self, keys: Keys) -> list[tuple[str, Turn]]:
        """All turns of a conversation that can be read, oldest first, each with its line."""
        history, files, stored = await round_trip(
            self._redis,
            [["LRANGE", keys["history"], 0, -1], ["HGETALL", keys["files"]], ["HGETALL", keys.texts]],
        )
        return await self.turns(keys, history, await self.readable_texts(keys, stored), files)

    async def turns(
        self, keys: Keys, lines: Sequence[str], texts: Mapping[str, str], files: Mapping[str, str]
    ) -> list[tuple[str, Turn]]:
        """Those of these lines that can be read; the others are set aside. `files`: as in `load_turn`."""
        turns = []
        async for line in in_steps(lines):
            try:
                turns.append((line, self.lines.load_turn(line, texts, files)))
            except Unreadable as error:
                await self._set_aside(keys, "turn", [*keys.turns, keys["state"]], line, error)
        return turns

    async def requests(self, keys: Keys, stored: Mapping[str, str]) -> dict[str, Request]:
        """What waits or is worked on, by its id; what can't be read is set aside."""
        parts = [keys[part] for part in ("messages", "inbox", "state", "lease")]
        return await self._readable(keys, "request", parts, stored, partial(self._request, keys))

    def _request(self, keys: Keys, name: str, line: str) -> Request:
        """Raises `Unreadable` also where it is another's than the one that lies there: it could not be
        ended."""
        request = self.lines.load_request(line)
        if request.id != name or Keys(request.message.channel, request.lane)["inbox"] != keys["inbox"]:
            raise Unreadable("another place")
        return request

    async def settings(self, keys: Keys, key: str, stored: Mapping[str, str]) -> Settings:
        """What is set under this key; what can't be read is set aside."""
        aside = f"{key.removesuffix('settings')}aside" if key == keys.workspace else ""
        readable = await self._readable(keys, "setting", [key], stored, self.lines.load_setting, aside=aside)
        return {name: (value, by) for name, value, by in readable.values()}

    async def personal(self, keys: Keys, stored: Mapping[str, str]) -> Layer:
        """What one person has set for their own questions."""
        settings = await self.settings(keys, keys.personal, stored)
        return {name.partition(":")[0]: value for name, (value, _) in settings.items()}

    async def own(self, keys: Keys, person: str) -> Layer:
        """The same of this person, wherever it lies."""
        return await self.personal(keys, await self.own_lines(keys, person))

    async def own_lines(self, keys: Keys, person: str) -> dict[str, str]:
        """How that is written, by its field."""
        names = [each for name in PERSONAL for each in self.personal_fields(name, person)]
        lines: list[str | None] = await self._redis.hmget(keys.personal, names)  # type: ignore[assignment]  # decoded
        return {name: line for name, line in zip(names, lines, strict=True) if line is not None}

    def personal_fields(self, name: str, person: str) -> list[str]:
        """As in `Lines.fields`, of one person's value of a setting."""
        return self.lines.fields(personal_field(name, ""), person)

    async def progress(self, keys: Keys, state: Mapping[str, str], texts: Mapping[str, str]) -> Progress:
        """How far an answer has come, of the state as it is written; a part that can't be read is set aside,
        as if nothing were known of it."""
        where = [keys["state"]]
        replies = await self._readable(
            keys, "progress", where, _part(state, "replies"), lambda _, line: load_replies(line)
        )
        account = await self._readable(
            keys,
            "progress",
            where,
            _part(state, "account"),
            lambda _, line: self.lines.load_account(line, texts),
        )
        text = await self._readable(
            keys, "progress", where, _part(state, "text"), lambda _, line: self.lines.read(line)
        )
        return Progress(
            text=well_formed(text.get("text", "")),
            replies=replies.get("replies", ()),
            ended=state.get("ended", ""),
            account=account.get("account"),
        )

    async def _readable(
        self,
        keys: Keys,
        kind: str,
        where: Sequence[str],
        stored: Mapping[str, str],
        load: Callable[[str, str], T],
        *,
        aside: str = "",
    ) -> dict[str, T]:
        """What `load` makes of each name and line of a hash; what can't be read is set aside."""
        readable = {}
        for name, line in stored.items():
            try:
                readable[name] = load(name, line)
            except Unreadable as error:
                await self._set_aside(keys, kind, where, line, error, name=name, aside=aside)
        return readable

    async def count_aside(self, kind: str, keys: str, error: Unreadable) -> None:
        """One more record that could not be read."""
        logger.error("set aside: a %s in %s that can't be read (%s)", kind, keys, error)
        await self._count(self._redis, [SET_ASIDE], [kind])

    async def _set_aside(
        self,
        keys: Keys,
        kind: str,
        where: Sequence[str],
        line: str,
        error: Unreadable,
        *,
        name: str = "",
        aside: str = "",
    ) -> None:
        """`name`: the record's in a hash."""
        places = [aside or keys.aside, *where]
        if await self._aside(self._redis, places, [kind, name or line, self.kept, self.lines.aside(line)]):
            await self.count_aside(kind, keys.channel.key, error)

    def dumped(self, keys: Keys, turn: Turn) -> tuple[str, str, list[Command]]:
        """A turn's line, the texts of its files, and the commands that come before it: they keep the texts
        that it refers to, and note whose words are in it."""
        line, files, texts = self.lines.turn(turn, self.formats.written)
        raters = (person for version in turn.versions for person in version.ratings)
        quoted = (quote.person for quote in turn.quotes)
        noting = self.people.noting((turn.person, *quoted, *raters), keys.channel)
        return line, files, [*self.keeping(keys, texts), *noting, *self.quoting(keys, turn.quotes)]

    def keeping(self, keys: Keys, texts: Mapping[str, str]) -> list[Command]:
        """The commands that keep texts, by their digests, whoever wrote them; what was forgotten stays so."""
        if not texts:
            return []
        commands: list[Command] = []
        for digest, text in texts.items():
            commands.append(["HSETNX", keys.texts, digest, self.lines.text(text, "")])
            commands.append(["ZADD", keys.text_ages, time.time(), digest])
        return [
            *commands,
            ["EXPIRE", keys.texts, 2 * self.kept],
            ["EXPIRE", keys.text_ages, 2 * self.kept],
        ]

    def replying(self, keys: Keys, question: str, replies: Sequence[str]) -> list[Command]:
        """The commands that keep in which conversation these messages stand, and which question they
        answer."""
        line = dump_reply(keys.channel, question)
        return [["SET", keys.reply(each), line, "EX", self.kept] for each in replies]

    def quoting(self, keys: Keys, quotes: Sequence[Quote]) -> list[Command]:
        """The commands that note that these messages are quoted in the conversation, wherever in the channel
        or its threads they stand."""
        commands: list[Command] = []
        for message in dict.fromkeys(each.message for each in quotes if each.message):
            commands.append(["SADD", keys.quoted(message), dump(keys.channel)])
            commands.append(["EXPIRE", keys.quoted(message), 2 * self.kept])
        return commands

    async def keep_text(self, keys: Keys, text: str, author: str) -> bool:
        """Keep a text that the answer which is claimed may be written under; not, where its author was
        forgotten since."""
        digest, whose = self.people.pseudonym(text), self.people.pseudonym(author)
        record = self.lines.text(text, author)
        places = [keys.texts, keys.text_ages, keys["forgotten"]]
        return bool(
            await self._keep(self._redis, places, [digest, record, whose, time.time(), 2 * self.kept])
        )

    async def amend(self, keys: Keys, line: str, before: Turn, after: Turn | None) -> bool:
        """Put `after` in place of a turn with this line, `None` to forget it; whether it still was there."""
        new = files = ""
        self.recent.forget(keys.channel.key)
        if after is None:
            await self.carry_out([["DEL", keys.reply(each)] for each in before.replies])
        else:
            new, files, keeping = self.dumped(keys, after)
            await self.carry_out(keeping)
        return bool(
            await self._amend(
                self._redis,
                [*keys.turns, keys["state"]],
                [line, new, before.message, files, *publication(keys.channel)],
            )
        )

    async def reword(self, keys: Keys, name: str, line: str, new: str) -> bool:
        """Put another line in place of a request's; whether it still was there."""
        return bool(
            await self._reword(
                self._redis, [keys["messages"], keys["state"]], [name, line, new, *publication(keys.channel)]
            )
        )

    async def carry_out(self, commands: Sequence[Command]) -> Sequence[object]:
        """Run these, which are about what was taken on, in one round trip; what each of them gave."""
        return await round_trip(self._redis, commands, refused=over_limit(self._redis))


def place_at_work(keys: Keys) -> str:
    """How a conversation stands in `Keys.at_work`; "" where nothing is quoted."""
    return dump(keys.channel) if keys.lane is Lane.QUESTIONS else ""


def values(settings: Settings) -> Layer:
    """What is set, by its field."""
    return {name: value for name, (value, _) in settings.items()}


def _part(state: Mapping[str, str], name: str) -> dict[str, str]:
    return {name: state[name]} if state.get(name) else {}


def pairs(flat: Sequence[str]) -> dict[str, str]:
    """A hash, of what a script gives for one."""
    return dict(zip(flat[::2], flat[1::2], strict=True))


def whole(text: str | None) -> int:
    """A number that a script counts with; 0 where it is none, as the scripts take it."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < DIGITS else 0
