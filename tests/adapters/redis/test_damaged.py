"""One field of one record is not what it was written as, or nests too deep: everything else goes on."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from redis.asyncio import Redis

from adapters.stores.redis.keys import FORMATS, LINE, PARTS, PREFIX, Keys, index_of, wrong
from adapters.stores.redis.latest import latest_index
from adapters.stores.redis.store import RedisStore
from bot.conversation.content import Attachment, Quote, TextFile
from bot.conversation.events import Author, ChannelRef, Said
from bot.conversation.layers import Layer, Scope
from bot.conversation.requests import (
    Interruption,
    Lane,
    Progress,
    Request,
    Ticket,
    Work,
    command_request,
    question_request,
)
from bot.conversation.turns import Account, Rating, Turn, Version
from tests.fakes.messages import command, message, turn

LEASE = 60.0

SOME = 60
"""Cases of `make test`, of some nine hundred."""

DEEP = json.loads("[" * 200 + "]" * 200)
WRONG = (None, -1, True, {"a": 1}, DEEP)
"""JSON of each kind that a field may be instead."""

TOO_DEEP = "[" * 5000
GARBAGE = ("garbage", "-1", "1e999", "nan", "9" * 40, "{}", "[1]", TOO_DEEP)
"""What may stand in a state in place of a number or a text."""

NUMBERS = ("fence", "epoch", "version", "begun", "failures", "reset_at")
STATE = (*NUMBERS, "current", "about", "text", "replies", "ended", "account", "interruption", "dividers")

ACCOUNT = Account(
    model="m",
    settings={"seed": 7, "system_prompt": "Be brief."},
    origins={"seed": "channel"},
    seen_from="0",
    seen_turns=1,
    tokens=1,
    left_out_turns=0,
    left_out_tokens=0,
    seconds=1.0,
    ending="stop",
)


@dataclass(frozen=True)
class Place:
    """A conversation of its own for each case, with one of each that is kept."""

    number: int

    @property
    def channel(self) -> ChannelRef:
        return ChannelRef(platform="screen", workspace=f"w{self.number}", channel="c")

    @property
    def keys(self) -> Keys:
        return Keys(self.channel)

    @property
    def ada(self) -> Author:
        return Author(id=f"ada{self.number}", name="Ada")

    @property
    def person(self) -> str:
        return f"screen::{self.ada.id}"

    def message(self, id: str, text: str = "Why?") -> Said:  # noqa: A002  # the field's name
        quote = Quote(author="Bob", text="Blue.", person="screen::bob", message="0", attachments=(PICTURE,))
        return replace(
            message(text, id=id, at=float(id), channel=self.channel, author=self.ada),
            quotes=(quote,),
            attachments=(PICTURE,),
            linked=("0",),
            reply=("token",),
        )

    @property
    def turn(self) -> Turn:
        version = Version(text="So.", account=ACCOUNT, ratings={self.person: Rating(good=True, why="Yes.")})
        return replace(
            turn(person=self.person, replies=("r1",), asked_at=4e9),
            quotes=self.message("1").quotes,
            files=(TextFile(name="a.txt", text="A."),),
            versions=(version,),
        )

    async def furnish(self, store: RedisStore) -> None:
        channel, person = self.channel, self.person
        own: Layer = {
            "temperature": 0.3,
            "seed": "random",
            "system_prompt": "Be brief.",
            "prompt:short": "Short.",
        }
        await store.settings.change(channel, own, by=person)
        await store.settings.change(channel, {"top_p": 0.5}, by=person, scope=Scope.WORKSPACE)
        await store.settings.change(channel, {"language": "es"}, by=person, scope=Scope.ME)
        for number in (1, 2):
            await store.requests.submit(question_request(self.message(f"{number}")))
            claim = await store.requests.claim(channel)
            assert claim is not None
            if number == 1:
                await store.requests.commit(claim, self.turn)
            else:
                await store.requests.release(claim, Progress(text="S", replies=("r2",), account=ACCOUNT))
        typed = command("temperature", "1", id="4", channel=channel, author=self.ada, changes={"seed": "7"})
        await store.requests.submit(command_request(replace(typed, scope=Scope.ME, reply=("t",)), 4.0))


PICTURE = Attachment(name="a.png", url="http://a", size=1)


@dataclass(frozen=True)
class Damage:
    """`kind` of record, `name` in its hash; the `path` to what is replaced in it by `value`. `certain`:
    nobody can take that for what it was."""

    kind: str
    name: str
    path: tuple[str | int, ...]
    value: object
    certain: bool

    def line(self, before: str) -> str:
        if not self.path:
            return str(self.value)
        record = json.loads(before)
        *way, last = self.path
        inner = record
        for step in way:
            inner = inner[step]
        inner[last] = self.value
        return json.dumps(record)


class Shelf:
    """Where each kind of record lies."""

    def __init__(self, store: RedisStore, redis: Redis, place: Place) -> None:
        self._redis = redis
        keys = place.keys
        self._index = f"{PREFIX}:person:{{{store.people.pseudonym(place.person)}}}"
        self._hashes = {
            "request": keys["messages"],
            "command": Keys(place.channel, Lane.COMMANDS)["messages"],
            "setting": keys.settings,
            "above": keys.workspace,
            "personal": keys.personal,
            "text": keys.texts,
            "state": keys["state"],
            "commands' state": Keys(place.channel, Lane.COMMANDS)["state"],
        }
        self._history = keys["history"]

    async def records(self) -> Iterator[tuple[str, str, str]]:
        """Kind, name and line of each."""
        lines = [("turn", "", str(await self._redis.lindex(self._history, 0)))]
        [member] = await self._redis.smembers(self._index)
        lines.append(("index", "", str(member)))
        for kind, key in self._hashes.items():
            if "state" not in kind:
                lines += [
                    (kind, str(name), str(line)) for name, line in (await self._redis.hgetall(key)).items()
                ]
        return iter(lines)

    async def damage(self, damage: Damage) -> None:
        match damage.kind:
            case "turn":
                before = str(await self._redis.lindex(self._history, 0))
                await self._redis.lset(self._history, 0, damage.line(before))
            case "index":
                [member] = await self._redis.smembers(self._index)
                await self._redis.sadd(self._index, damage.line(str(member)))
            case kind:
                before = str(await self._redis.hget(self._hashes[kind], damage.name))
                await self._redis.hset(self._hashes[kind], damage.name, damage.line(before))


def damages(kind: str, name: str, line: str) -> Iterator[Damage]:
    yield Damage(kind, name, (), TOO_DEEP, certain=True)
    for path, before in _fields(json.loads(line)):
        for value in WRONG:
            yield Damage(kind, name, path, value, certain=_is_wrong(kind, path, before, value))


def _fields(
    record: object, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], object]]:
    steps = list(record.items()) if isinstance(record, dict) else []
    steps = list(enumerate(record)) if isinstance(record, list) else steps
    for step, value in steps:
        yield (*path, step), value
        yield from _fields(value, (*path, step))


def _is_wrong(kind: str, path: tuple[str | int, ...], before: object, value: object) -> bool:
    """Whether nobody can take a value for one of the field's."""
    field = path[-1]
    if value is None and (before is None or field in ("account", "scope")):
        return False
    if path == (("person",) if kind in ("request", "command") else ("told",)):
        return False  # it is there for a script
    if isinstance(before, dict) and isinstance(value, dict):
        return field not in ("settings", "origins", "changes")
    if isinstance(before, bool) or isinstance(value, bool):
        return not (isinstance(before, bool) and isinstance(value, bool)) and path[:1] != ("format",)
    numbers = isinstance(before, int | float) and isinstance(value, int | float)
    loose = "settings" in path[:-1] or (kind == "setting" and field == "value")
    return not numbers and not loose


async def count(store: RedisStore) -> int:
    return sum((await store.health()).aside.values())


async def work_off(store: RedisStore, channel: ChannelRef, lane: Lane = Lane.QUESTIONS) -> list[Request]:
    """Answer all that waits there."""
    done = []
    while (claim := await store.requests.claim(channel, lane)) is not None:
        remembered = replace(turn(message=claim.message.id, asked_at=4e9), person=claim.message.person)
        answer = remembered if claim.request.work is Work.ANSWER else None
        await store.requests.commit(claim, answer)
        done.append(claim.request)
    return done


async def goes_on(store: RedisStore, place: Place, *, turns: int = 2) -> None:
    """All that people do there, after which nothing is left of one of them."""
    channel, thread = place.channel, replace(place.channel, channel="t", parent="c")
    for where in (channel, thread):
        await store.requests.submit(question_request(replace(place.message("3"), channel=where)))
    assert "3" in [each.id for each in await work_off(store, channel)]
    assert [each.id for each in await work_off(store, thread)] == ["3"]
    await work_off(store, channel, Lane.COMMANDS)
    assert "3" in [each.message for each in (await store.conversations.read(channel)).turns]
    assert {each.channel for each in await store.conversations.sessions(channel)} == {"c", "t"}
    await store.conversations.interrupt(channel, "3", Interruption.STOP)
    await store.settings.change(channel, {"top_p": 0.7}, by=place.person)
    assert (await store.settings.read(channel, place.person)).channel["top_p"] == 0.7
    assert {"3"} <= {each.message for kept in await store.people.export(place.person) for each in kept.turns}
    assert (await store.people.forget(place.person)).turns >= turns
    assert await store.people.export(place.person) == []
    await store.conversations.reset(channel)
    assert (await store.conversations.read(channel)).turns == ()


@pytest.fixture
async def store(redis: Redis) -> RedisStore:
    store = RedisStore(redis, lease=LEASE, history_days=30)
    await store.prepare()
    return store


@pytest.mark.long
async def test_a_record_with_a_field_of_another_type_is_set_aside_and_the_rest_goes_on(
    store: RedisStore, redis: Redis, long: bool, chance: random.Random
) -> None:
    example = Place(0)
    await example.furnish(store)
    records = list(await Shelf(store, redis, example).records())
    cases = [damage for record in records for damage in damages(*record)]
    for number, case in enumerate(cases if long else chance.sample(cases, SOME), 1):
        place = Place(number)
        await place.furnish(store)
        before = await count(store)
        path = tuple(place.person if step == example.person else step for step in case.path)
        name = case.name.replace(example.person, place.person)
        await Shelf(store, redis, place).damage(replace(case, path=path, name=name))
        try:
            await goes_on(store, place)
            assert await count(store) - before in ((1,) if case.certain else (0, 1))
        except Exception as error:
            error.add_note(f"{case}"[:300])
            raise
    assert len(cases) > 300


@pytest.mark.long
async def test_a_state_that_no_script_can_work_with_is_repaired(
    store: RedisStore, redis: Redis, long: bool, chance: random.Random
) -> None:
    lanes = ("state", "commands' state")
    cases = [Damage(lane, name, (), value, False) for lane in lanes for name in STATE for value in GARBAGE]
    for number, case in enumerate(cases if long else chance.sample(cases, SOME // 2), 1):
        place = Place(number)
        await place.furnish(store)
        await Shelf(store, redis, place).damage(case)
        try:
            assert (await store.conversations.read(place.channel)).version >= 0
            await goes_on(store, place)
        except Exception as error:
            error.add_note(f"{case}"[:300])
            raise


async def test_a_turn_that_is_no_utf_8_is_set_aside(store: RedisStore, redis: Redis) -> None:
    place = Place(1)
    await place.furnish(store)
    await redis.lpush(place.keys["history"], b'{"message":"\xff","question":"\xc3\xa4')
    await goes_on(store, place)
    assert await count(store) == 1


PLACES = (
    *(("questions", part) for part in PARTS),
    *(("commands", part) for part in PARTS),
    *(("channel", part) for part in ("settings", "personal", "texts", "text_ages", "sessions", "workspace")),
    ("channel", "at_work"),
    ("message", "reply"),
    ("message", "quoted"),
    ("person", "index"),
)


def key_of(place: Place, store: RedisStore, where: tuple[str, str]) -> str:
    match where:
        case "questions", part:
            return place.keys[part]
        case "commands", part:
            return Keys(place.channel, Lane.COMMANDS)[part]
        case "channel", part:
            return str(getattr(place.keys, part))
        case "message", "reply":
            return place.keys.reply("r1")
        case "message", _:
            return place.keys.quoted("0")
    return f"{PREFIX}:person:{{{store.people.pseudonym(place.person)}}}"


@pytest.mark.parametrize("where", PLACES, ids=" ".join)
async def test_a_key_of_another_type_is_set_aside_and_the_rest_goes_on(
    store: RedisStore, redis: Redis, where: tuple[str, str]
) -> None:
    place, other = Place(1), "wrong"
    await place.furnish(store)
    key = key_of(place, store, where)
    await redis.delete(key)
    await (redis.rpush(key, other) if where[1] in ("lease", "reply") else redis.set(key, other))
    thread = replace(place.channel, channel="t", parent="c")
    for each in (place.channel, thread):
        await store.requests.submit(question_request(replace(place.message("3"), channel=each)))
        assert "3" in [request.id for request in await work_off(store, each)]
        assert "3" in [turn.message for turn in (await store.conversations.read(each)).turns]
    typed = command("temperature", "1", id="5", channel=place.channel, author=place.ada)
    await store.requests.submit(command_request(typed, 5.0))
    assert "5" in [request.id for request in await work_off(store, place.channel, Lane.COMMANDS)]
    assert {each.channel for each in await store.conversations.sessions(place.channel)} == {"c", "t"}
    await store.conversations.interrupt(place.channel, "3", Interruption.WITHDRAW)
    await store.conversations.interrupt(place.channel, "0", Interruption.WITHDRAW)
    await store.conversations.of_message(place.channel, "r1")
    await store.settings.change(place.channel, {"top_p": 0.7}, by=place.person)
    await store.settings.change(place.channel, {"top_p": 0.6}, by=place.person, scope=Scope.ME)
    assert (await store.settings.read(place.channel, place.person)).channel["top_p"] == 0.7
    await store.people.export(place.person)
    assert (await store.people.forget(place.person)).turns >= 1
    assert await store.people.export(place.person) == []
    if await redis.type(wrong(key)) != "none":
        assert (await store.health()).aside == {"key": 1}
    else:
        assert where[1] in ("lease", "reply", "files", "forgotten", "requoted")


async def test_a_turn_with_a_broken_byte_is_set_aside_and_forgotten_with_its_person(
    store: RedisStore, redis: Redis
) -> None:
    place = Place(1)
    await place.furnish(store)
    [line] = await redis.lrange(place.keys["history"], 0, -1)
    broken = str(line).encode().replace(b"Why", b"W\xffy", 1)
    assert broken != str(line).encode()
    await redis.delete(place.keys["history"])
    await redis.rpush(place.keys["history"], broken)
    await goes_on(store, place, turns=1)
    assert (await store.health()).aside == {"turn": 1}
    assert await redis.lrange(place.keys["history"], 0, -1) == []
    assert await redis.lrange(place.keys.aside, 0, -1) == []


async def test_what_all_conversations_share_may_be_of_another_type_too(
    store: RedisStore, redis: Redis
) -> None:
    place = Place(1)
    shared = (index_of(place.channel), *LINE, FORMATS, latest_index("screen", private=False))
    for key in shared:
        await redis.delete(key)
        await redis.rpush(key, "wrong")
    await place.furnish(store)
    ticket = Ticket(id="t", person="ada")
    assert await store.line.join(ticket, 1, 0) == 0
    await store.line.leave(ticket, 1)
    assert await store.requests.orphans(lambda *_: True) == []
    assert place.channel in await store.conversations.latest("screen", private=False, most=1)
    assert (await store.health()).aside == {"key": len(shared)}
