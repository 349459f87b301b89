"""Every verb, every way, every kind of person, tried on the core: `python -m tests.security.matrix` prints
the table of docs/security.md, and ends with 1 where a cell is not what the rules say."""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import looptime

from bot.conversation.events import Author, ChannelRef, Event, Standing
from bot.conversation.generation import FinishReason
from bot.conversation.requests import Quota, question_request
from bot.conversation.settings import SettingValue
from bot.conversation.turns import Account, Divider, Turn, Version
from bot.conversation.views import Notice, Outcome
from bot.service.admission import Admission
from tests.fakes.bot import Bot
from tests.fakes.messages import message
from tests.fakes.model import Speaker
from tests.fakes.store import InMemoryStore
from tests.security.rules import NO, NOBODY, NOT, OWN, SILENT, WHO, YES, expected
from tests.security.ways import Deed, deeds, event, ways

COLUMNS = (*WHO, *NOBODY)
OTHERS = ("anybody else", "manager", "admin of the bot")
"""Who looks at an answer that somebody else has asked for."""

CUT = Account(
    model="mixtral",
    settings={},
    origins={},
    tokens=1,
    left_out_turns=0,
    left_out_tokens=0,
    seconds=1.0,
    ending=FinishReason.LENGTH,
)
"""How an answer came about that can be continued."""

QUOTA = 3
SETTLED = 1000.0
"""Seconds of virtual time until everything that was said is done, at the pace of the screen."""

PRIVATE = ("direct message", "page", "home page")
BEFORE: Mapping[str, SettingValue] = {"seed": 1, "prompt:pirate": "Arr."}
"""What is set in every channel."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing that one person does on one way, in a channel of its own."""

    deed: Deed
    way: str
    who: str
    number: int

    @property
    def author(self) -> Author:
        standing = Standing.CHANNEL if self.who == "manager" else Standing.MEMBER
        person = f"{self.who}-{self.number}"
        return Author(id=person, name="Ada", standing=standing, stranger=self.who == "stranger")

    @property
    def channel(self) -> ChannelRef:
        workspace = "elsewhere" if self.who == "other server" else "w"
        private = self.way in PRIVATE
        return ChannelRef(platform="screen", workspace=workspace, channel=f"c{self.number}", private=private)

    @property
    def person(self) -> str:
        return f"screen::{self.author.id}"

    @property
    def expected(self) -> str:
        return expected(self.deed.name, self.way, self.who)


def cells() -> list[Cell]:
    """All that there are."""
    there = [
        (deed, way, who)
        for deed in deeds()
        for way in ways(deed)
        for who in COLUMNS
        if expected(deed.name, way, who) != NOT
    ]
    return [Cell(deed, way, who, number) for number, (deed, way, who) in enumerate(there)]


async def observe(tried: Sequence[Cell]) -> dict[Cell, str]:
    """What comes of each."""
    listed = [cell for cell in tried if cell.who == "not listed"]
    others = [cell for cell in tried if cell.who != "not listed"]
    admission = Admission(
        allowed_servers=frozenset({"w"}),
        blocked_users=frozenset(cell.author.id for cell in others if cell.who == "blocked"),
        admins=frozenset(cell.author.id for cell in others if cell.who == "admin of the bot"),
    )
    found = await _observe(listed, Admission(allowed_users=frozenset({"somebody"})))
    return found | await _observe(others, admission)


async def _observe(tried: Sequence[Cell], admission: Admission) -> dict[Cell, str]:
    bot = Bot(Speaker(["Yes."]), admission=admission, places=10_000, questions=QUOTA)
    for cell in tried:
        await _prepare(cell, bot.store)
    before = {cell: _world(cell, bot.store) for cell in tried}
    async with bot.running():
        given = await asyncio.gather(*(bot.service.receive(_event(cell)) for cell in tried))
        await asyncio.sleep(SETTLED)
    said = {_id(cell): [notice] if notice else [] for cell, notice in zip(tried, given, strict=True)}
    for (to, _), notice in zip(bot.screen.told, bot.screen.notices, strict=True):
        said[to.id].append(notice)
    return {cell: _outcome(before[cell], _world(cell, bot.store), said[_id(cell)]) for cell in tried}


def _id(cell: Cell) -> str:
    return f"e{cell.number}"


def _event(cell: Cell) -> Event:
    return event(cell.deed, cell.way, cell.author, cell.channel, _id(cell))


async def _prepare(cell: Cell, store: InMemoryStore) -> None:
    """Put an answer into the cell's channel, or for who would stop it one that is being written elsewhere."""
    asker = "somebody" if cell.who in OTHERS else cell.author.id
    question = message(id="q", author=Author(id=asker, name="Ada"), channel=cell.channel)
    box = store.box(cell.channel)
    if cell.deed.name == "stop":
        box.put(question_request(question))
        box.current, box.fence, box.leased_until = "q", 1, float("inf")
    else:
        versions = (Version(text="No."), Version(text="Yes, but", account=CUT))
        box.turns = [
            Turn(
                message="q",
                person=question.person,
                author="Ada",
                question=question.text,
                versions=versions,
                shown=1,
                replies=("r",),
                asked_at=question.sent_at,
            )
        ]
    if cell.deed.name == "reset undo":
        box.dividers = (Divider(after=1.0, drawn_at=1.0),)
    store.set[cell.channel.scope] = dict(BEFORE)
    if cell.who == "over quota":
        for number in range(QUOTA):
            await store.people.spend(cell.person, f"before {number}", Quota(questions=QUOTA, seconds=3600))


@dataclass(frozen=True, slots=True)
class World:
    """What stands in a cell's channel: for all, for the person alone, and everything else."""

    channel: Mapping[str, object]
    personal: Mapping[str, object]
    rest: tuple[object, ...]


def _world(cell: Cell, store: InMemoryStore) -> World:
    box = store.box(cell.channel)
    return World(
        dict(store.set[cell.channel.scope]),
        dict(store.personal[cell.channel.scope, cell.person]),
        (tuple(box.turns), box.dividers, box.interruption, tuple(box.inbox)),
    )


def _outcome(before: World, after: World, said: Sequence[Notice]) -> str:
    if after.channel != before.channel or after.rest != before.rest:
        return YES
    if after.personal != before.personal:
        return OWN
    if any(notice.outcome in (Outcome.REFUSED, Outcome.FAILED) for notice in said):
        return NO
    return YES if said else SILENT


def table() -> str:
    """What is expected, in Markdown: things that are alike on ways that are alike are one row."""
    rows: dict[tuple[str, ...], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for deed in deeds():
        for way in ways(deed):
            rows[tuple(expected(deed.name, way, who) for who in COLUMNS)][deed.name].append(way)
    lines = [f"| what | on which way | {' | '.join(COLUMNS)} |", "|---" * (len(COLUMNS) + 2) + "|"]
    for outcomes, done in rows.items():
        alike: dict[str, list[str]] = defaultdict(list)
        for name, on in done.items():
            alike[", ".join(on)].append(f"`{name}`")
        lines += [f"| {', '.join(what)} | {on} | {' | '.join(outcomes)} |" for on, what in alike.items()]
    return "\n".join(lines)


def main() -> int:
    """Try all cells, print the table and what was found."""
    tried = cells()
    found = looptime.new_event_loop().run_until_complete(observe(tried))
    wrong = [cell for cell in tried if found[cell] != cell.expected]
    sys.stdout.write(f"{table()}\n\n{len(tried)} cells, {len(wrong)} wrong\n")
    for cell in wrong:
        sys.stdout.write(
            f"{cell.deed.name} by {cell.way}, {cell.who}: {found[cell]}, expected {cell.expected}\n"
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
