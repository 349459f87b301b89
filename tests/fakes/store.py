"""The store in memory, on the event loop's clock: small, and it behaves. It can fail, hang and be slow."""

import asyncio
import textwrap
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from bot.answering.lease import LEASE
from bot.conversation.content import requote
from bot.conversation.events import Address, ChannelRef, Said
from bot.conversation.layers import Layer, Layers, Scope
from bot.conversation.requests import (
    NO_ATTEMPTS,
    NOTHING_YET,
    ONCE,
    Attempts,
    Change,
    Claim,
    Interruption,
    Lane,
    Price,
    Progress,
    Quota,
    Reached,
    Request,
    Running,
    Snapshot,
    State,
    Submission,
    Work,
    question_request,
)
from bot.conversation.settings import SettingValue, is_text
from bot.conversation.turns import Divider, Forgotten, Kept, Session, Turn, Version, find_turn
from bot.errors import Interrupted, LeaseLost, StoreFull
from tests.fakes.budget import InMemoryBudget
from tests.fakes.fleet import InMemoryFleet
from tests.fakes.leases import Held, InMemoryLeases
from tests.fakes.line import InMemoryLine


def now() -> float:
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class Box:
    """One lane of a conversation; turns and what is published are those of the questions' lane."""

    channel: ChannelRef
    inbox: dict[str, Request] = field(default_factory=dict)
    since: dict[str, float] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    turns: list[Turn] = field(default_factory=list)
    leased_until: float = 0.0
    current: str = ""
    interruption: Interruption | None = None
    progress: Progress = NOTHING_YET
    fence: int = 0
    epoch: int = 0
    reset_at: float = 0.0
    dividers: tuple[Divider, ...] = ()
    version: int = 0
    attempts: Attempts = NO_ATTEMPTS
    signed_at: float | None = None
    forgotten: set[int] = field(default_factory=set)
    requoted: dict[str, str] = field(default_factory=dict)
    asked_at: float = 0.0

    def end(self) -> None:
        """Nothing is worked on any more."""
        self.current, self.progress, self.leased_until, self.interruption = "", NOTHING_YET, 0.0, None
        self.attempts, self.signed_at = NO_ATTEMPTS, None
        self.forgotten.clear()
        self.requoted.clear()

    def ordered(self) -> list[Request]:
        """As people wrote; who edits keeps their place."""
        return sorted(self.inbox.values(), key=lambda request: (self.since[request.id], request.id))

    def put(self, request: Request) -> None:
        self.inbox[request.id] = request
        self.since[request.id] = request.at

    def place_of(self, request: Request) -> int | None:
        """Where the turn stands that it is about."""
        if request.work in ONCE:
            return None
        places = [place for place, turn in enumerate(self.turns) if turn.message == request.message.id]
        return places[0] if places else None

    def works_on(self, message: str) -> bool:
        return bool(self.current) and self.inbox[self.current].message.id == message


@dataclass(slots=True)
class Faults:
    """What is wrong with the store now. `fails`: every call raises this; `hangs`: none comes back; `slow`:
    seconds that each takes. `full`: nothing new is taken."""

    fails: Exception | None = None
    hangs: bool = False
    slow: float = 0.0
    full: bool = False

    def take_new(self) -> None:
        """Return when there is room."""
        if self.full:
            raise StoreFull("its memory is full")

    async def passed(self) -> None:
        """Return when a call may be carried out."""
        if self.slow:
            await asyncio.sleep(self.slow)
        while self.hangs:
            await asyncio.sleep(0.1)
        if self.fails is not None:
            raise self.fails


class InMemoryStore:
    """`lease` in seconds. `looked_at`: when conversations are looked at next, by their keys. `whose`: who
    asked or set something, by the scope of the place."""

    def __init__(self, *, lease: float = LEASE) -> None:
        self.lease = lease
        self.faults = Faults()
        self.boxes: dict[tuple[str, Lane], Box] = {}
        self.looked_at: dict[str, float] = {}
        self.set: dict[str, dict[str, SettingValue]] = defaultdict(dict)
        self.personal: dict[tuple[str, str], dict[str, SettingValue]] = defaultdict(dict)
        self.authors: dict[tuple[str, str], str] = {}
        self.whose: dict[str, set[str]] = defaultdict(set)
        self.saved: dict[tuple[str, str], tuple[str, float]] = {}
        self.held: dict[str, Held] = defaultdict(Held)
        self.listeners: list[Callable[[Change], None]] = []
        self.requests = InMemoryRequests(self)
        self.conversations = InMemoryConversations(self)
        self.settings = InMemorySettings(self)
        self.people = InMemoryPeople(self)
        self.changes = InMemoryChanges(self)
        self.budget = InMemoryBudget()
        self.fleet = InMemoryFleet(self.faults)
        self.line = InMemoryLine(self.call, self.faults.passed, lease=lease)

    def records(self, kind: str) -> "InMemoryRecords":
        return InMemoryRecords(self, kind)

    def leases(self, kind: str) -> InMemoryLeases:
        return InMemoryLeases(self.held[kind], self.faults.passed, lease=self.lease)

    def flush(self) -> None:
        """Lose everything."""
        self.boxes.clear()
        self.looked_at.clear()
        self.set.clear()
        self.personal.clear()
        self.authors.clear()
        self.whose.clear()
        self.saved.clear()
        self.held.clear()
        self.fleet.signs.clear()

    def box(self, channel: ChannelRef, lane: Lane = Lane.QUESTIONS) -> Box:
        return self.boxes.setdefault((channel.key, lane), Box(channel))

    def layers(self, channel: ChannelRef, person: str) -> Layers:
        return Layers(
            channel=dict(self.set[channel.scope]),
            workspace=dict(self.set[channel.home]) if channel.home else {},
            personal=dict(self.personal[channel.scope, person]),
            private=channel.private,
        )

    def publish(
        self,
        channel: ChannelRef,
        *,
        message: str = "",
        how: Interruption | None = None,
        grown: bool = False,
        scope: str = "",
    ) -> None:
        box = self.box(channel)
        box.version += 1
        change = Change(
            conversation=channel.key,
            version=box.version,
            message=message,
            interruption=how,
            grown=grown,
            scope=scope,
        )
        for tell in self.listeners:
            asyncio.get_running_loop().call_soon(tell, change)

    def call(self, ticket: str) -> None:
        """Say that it has its place at the model."""
        for tell in self.listeners:
            asyncio.get_running_loop().call_soon(tell, Change(conversation="", ticket=ticket))


class InMemoryRequests:
    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def submit(self, request: Request, *, only_known: bool = False) -> Submission:
        await self._store.faults.passed()
        box = self._store.box(request.message.channel, request.lane)
        if request.id in box.seen:
            return Submission.DUPLICATE
        if only_known and not box.turns and not box.inbox:
            return Submission.NOT_OURS
        self._store.faults.take_new()
        box.seen.add(request.id)
        box.asked_at = now()
        box.put(request)
        self._store.looked_at[box.channel.key] = now() + self._store.lease / 6
        self._store.whose[box.channel.scope].add(request.message.person)
        self._store.publish(box.channel)
        return Submission.NEW

    async def take(
        self, request: Request, *, only_known: bool = False, room: int | None = None
    ) -> tuple[Submission, Claim | None]:
        became = await self.submit(request, only_known=only_known)
        if became is not Submission.NEW:
            return became, None
        with suppress(Exception):  # it is claimed once more
            return became, await self.claim(request.message.channel, request.lane, room=room)
        return became, None

    async def claim(
        self, channel: ChannelRef, lane: Lane = Lane.QUESTIONS, *, room: int | None = None
    ) -> Claim | None:
        await self._store.faults.passed()
        box = self._store.boxes.get((channel.key, lane))
        if box is None or not box.inbox or box.leased_until > now():
            return None
        attempts = box.attempts if box.current else NO_ATTEMPTS
        silent = None if not box.current or box.signed_at is None else now() - box.signed_at
        box.current = box.current or box.ordered()[0].id
        box.attempts = replace(attempts, deaths=attempts.deaths + 1)
        box.fence += 1
        box.leased_until, box.signed_at = now() + self._store.lease, now()
        if box.interruption is Interruption.REVISE:
            box.interruption = None
            box.progress = replace(box.progress, text="", ended="", account=None)
        request = box.inbox[box.current]
        about = box.place_of(request)
        before = box.turns if about is None else box.turns[:about]
        turns = newest(before, room)
        return Claim(
            request=request,
            earlier=len(before) - len(turns),
            turns=tuple(turns),
            turn=None if about is None else box.turns[about],
            dividers=box.dividers,
            settings=self._store.layers(channel, box.inbox[box.current].message.person),
            progress=box.progress,
            interruption=box.interruption,
            fence=box.fence,
            epoch=box.epoch,
            reset_at=box.reset_at,
            attempts=attempts,
            silent=silent,
        )

    async def beat(self, claim: Claim, progress: Progress) -> Interruption | None:
        box = await self._keep(claim, progress)
        box.leased_until, box.signed_at = now() + self._store.lease, now()
        return box.interruption

    async def release(self, claim: Claim, progress: Progress | None, *, failed: bool = False) -> None:
        box = await self._keep(claim, progress)
        failures = box.attempts.failures + failed
        box.attempts = Attempts(failures=failures, deaths=box.attempts.deaths - 1)
        box.signed_at = None
        box.leased_until = now() + 0.5 * 4**failures if failed and failures < 3 else 0.0
        self._store.looked_at.pop(box.channel.key, None)

    async def _keep(self, claim: Claim, progress: Progress | None) -> Box:
        box = await self._held(claim)
        progress = progress or box.progress
        box.progress = progress
        self._store.publish(box.channel, grown=True)
        return box

    async def commit(self, claim: Claim, turn: Turn | None) -> bool:
        box = await self._held(claim)
        if turn is not None and box.interruption in (Interruption.WITHDRAW, Interruption.REVISE):
            raise Interrupted(box.interruption)
        turn = turn and turn.without(lambda name: hash(name) in box.forgotten)
        turn = turn and without_texts(turn, box.forgotten)
        for quoted, text in box.requoted.items():
            turn = turn and replace(turn, quotes=requote(turn.quotes, quoted, text))
        box.inbox.pop(box.current, None)
        if claim.request.work not in ONCE:
            box.seen.discard(box.current)
        box.end()
        if turn is not None and claim.epoch == box.epoch:
            places = [place for place, each in enumerate(box.turns) if each.message == turn.message]
            if places:
                box.turns[places[0]] = turn
            elif claim.request.work is Work.ANSWER:
                box.turns.append(turn)
        self._store.publish(box.channel, message=claim.request.id)
        return bool(box.inbox)

    async def drop(self, channel: ChannelRef, lane: Lane = Lane.QUESTIONS) -> Request | None:
        await self._store.faults.passed()
        box = self._store.box(channel, lane)
        waiting = [box.inbox[box.current]] if box.current else box.ordered()
        if not waiting:
            return None
        request = box.inbox.pop(waiting[0].id)
        box.end()
        self._store.publish(channel, message=request.id)
        return request

    async def orphans(self, wanted: Callable[[ChannelRef, Lane], bool]) -> Sequence[ChannelRef]:
        await self._store.faults.passed()
        due = [
            box.channel
            for (key, lane), box in self._store.boxes.items()
            if box.inbox
            and max(box.leased_until, self._store.looked_at.get(key, 0.0)) <= now()
            and wanted(box.channel, lane)
        ]
        self._store.looked_at |= {channel.key: now() + self._store.lease for channel in due}
        return list(dict.fromkeys(due))

    async def _held(self, claim: Claim) -> Box:
        await self._store.faults.passed()
        channel, request = claim.message.channel, claim.request
        box = self._store.box(channel, request.lane)
        if not box.fence:  # the store has lost it, and nobody has claimed it since
            box.put(request)
            box.seen.add(request.id)
            box.current = request.id
            box.fence, box.epoch = claim.fence, claim.epoch
        if box.fence != claim.fence or box.current != request.id:
            raise LeaseLost(box.channel.key)
        return box


class InMemoryConversations:
    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def read(self, channel: ChannelRef, message: str | None = None) -> Snapshot:
        await self._store.faults.passed()
        box = self._store.boxes.get((channel.key, Lane.QUESTIONS)) or Box(channel)
        running = Running(request=box.inbox[box.current], progress=box.progress) if box.current else None
        earlier, turns = 0, [named_alone(each) for each in box.turns]
        if message is not None:
            turn = find_turn(box.turns, message)
            earlier, turns = (box.turns.index(turn), [turn]) if turn else (0, [])
        return Snapshot(
            version=box.version,
            earlier=earlier,
            turns=tuple(turns),
            dividers=box.dividers,
            running=running,
            waiting=tuple(request for request in box.ordered() if request.id != box.current),
        )

    async def amend(self, channel: ChannelRef, before: Turn, after: Turn | None) -> bool:
        await self._store.faults.passed()
        turns = self._store.box(channel).turns
        place = next((n for n, each in enumerate(turns) if same(each, before)), None)
        if place is None:
            return False
        turns[place : place + 1] = [] if after is None else [replace(after, files=turns[place].files)]
        self._store.publish(channel)
        return True

    async def reset(self, channel: ChannelRef) -> int:
        await self._store.faults.passed()
        box = self._store.box(channel)
        turns, box.turns, box.epoch, box.reset_at = len(box.turns), [], box.epoch + 1, now()
        box.dividers = ()
        self._store.publish(channel)
        return turns

    async def divide(self, channel: ChannelRef, before: Sequence[Divider], after: Sequence[Divider]) -> bool:
        await self._store.faults.passed()
        box = self._store.box(channel)
        if box.dividers != tuple(before):
            return False
        box.dividers = tuple(after)
        self._store.publish(channel)
        return True

    async def latest(self, platform: str, *, private: bool, most: int) -> Sequence[ChannelRef]:
        await self._store.faults.passed()
        boxes = [
            box
            for (_, lane), box in self._store.boxes.items()
            if lane is Lane.QUESTIONS
            and (box.channel.platform, box.channel.private) == (platform, private)
            and box.asked_at > 0.0
        ]
        return [box.channel for box in sorted(boxes, key=lambda box: box.asked_at, reverse=True)[:most]]

    async def sessions(self, channel: ChannelRef, *, most: int = 10) -> Sequence[Session]:
        await self._store.faults.passed()
        boxes = [
            box for box in self._store.boxes.values() if box.channel.scope == channel.scope and box.turns
        ]
        latest = sorted(boxes, key=lambda box: box.turns[-1].asked_at, reverse=True)[:most]
        return [
            Session(
                channel=box.channel.channel,
                title=textwrap.shorten(box.turns[0].question, 80, placeholder="…"),
                asked_at=box.turns[-1].asked_at,
            )
            for box in latest
        ]

    async def of_message(self, channel: ChannelRef, message: str) -> ChannelRef | None:
        await self._store.faults.passed()
        for box in self._store.boxes.values():
            replies = [each for turn in box.turns for each in turn.replies] + [*box.progress.replies]
            if box.channel.scope == channel.scope and message in replies:
                return box.channel
        return None

    async def interrupt(
        self, channel: ChannelRef, message: str, how: Interruption, revised: Said | None = None
    ) -> Reached:
        await self._store.faults.passed()
        if how is not Interruption.STOP:
            for each in self._store.boxes.values():
                if each.channel.scope == channel.scope:
                    self._requote(each, message, revised.text if revised else "")
        box = self._store.boxes.get((channel.key, Lane.QUESTIONS))
        if box is None or not (box.inbox or box.seen or box.turns):
            return Reached(state=State.UNKNOWN)
        if how is Interruption.REVISE:
            state = self._revise(box, message, revised)
        else:
            state = State.UNKNOWN
            if box.works_on(message):
                if how is Interruption.WITHDRAW or box.interruption is None:
                    box.interruption = how
                state = State.RUNNING
            if how is Interruption.WITHDRAW and self._withdraw(box, message) and state is State.UNKNOWN:
                state = State.WAITING
        turn = next((each for each in box.turns if each.message == message), None)
        if how is Interruption.WITHDRAW:
            box.turns = [each for each in box.turns if each.message != message]
        if state not in (State.UNKNOWN, State.SAME) or (turn and how is Interruption.WITHDRAW):
            self._store.publish(channel, message=message, how=how)
        return Reached(
            state=state, turn=None if turn is None or how is Interruption.STOP else without_files(turn)
        )

    def _withdraw(self, box: Box, message: str) -> bool:
        """Drop what waits about it; whether anything did."""
        box.seen.add(message)
        gone = [
            each.id for each in box.inbox.values() if each.message.id == message and each.id != box.current
        ]
        for name in gone:
            del box.inbox[name]
        return bool(gone)

    def _revise(self, box: Box, message: str, revised: Said | None) -> State:
        before = box.inbox.get(message)
        if revised is None or revised.address is Address.OVERHEARD:
            return State.UNKNOWN
        if before is None or box.interruption is Interruption.WITHDRAW:
            return State.UNKNOWN
        if before.message.text == revised.text:
            return State.SAME
        box.inbox[message] = question_request(revised)
        if box.current != message:
            return State.WAITING
        box.interruption = Interruption.REVISE
        return State.RUNNING

    def _requote(self, box: Box, message: str, text: str) -> None:
        if box.current:
            box.requoted[message] = text
        box.turns = [replace(each, quotes=requote(each.quotes, message, text)) for each in box.turns]
        for name, request in box.inbox.items():
            quotes = requote(request.message.quotes, message, text)
            box.inbox[name] = replace(request, message=replace(request.message, quotes=quotes))


class InMemorySettings:
    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def read(self, channel: ChannelRef, person: str) -> Layers:
        await self._store.faults.passed()
        return self._store.layers(channel, person)

    async def change(
        self, channel: ChannelRef, changes: Layer, *, by: str, scope: Scope = Scope.CHANNEL
    ) -> None:
        await self._store.faults.passed()
        self._store.faults.take_new()
        place = channel.home if scope is Scope.WORKSPACE else channel.scope
        self._store.whose[place].add(by)
        settings = self._store.personal[place, by] if scope is Scope.ME else self._store.set[place]
        for name, value in changes.items():
            settings.pop(name, None)
            if value is not None:
                settings[name] = value
                if is_text(name):
                    author = self._store.authors.get((channel.home, str(value)), by)
                    self._store.authors.setdefault((place, str(value)), author)
        self._store.publish(channel, scope=place)


class InMemoryChanges:
    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def listen(self, tell: Callable[[Change], None], subscribed: Callable[[], None]) -> None:
        await self._store.faults.passed()
        self._store.listeners.append(tell)
        subscribed()
        try:
            await asyncio.Event().wait()
        finally:
            if tell in self._store.listeners:
                self._store.listeners.remove(tell)


class InMemoryRecords:
    def __init__(self, store: InMemoryStore, kind: str) -> None:
        self._store = store
        self._kind = kind

    async def load(self, name: str) -> str | None:
        await self._store.faults.passed()
        text, until = self._store.saved.get((self._kind, name), ("", 0.0))
        return text if until > now() else None

    async def save(self, name: str, text: str, seconds: int | None = None) -> None:
        await self._store.faults.passed()
        until = float("inf") if seconds is None else now() + seconds
        self._store.saved[self._kind, name] = (text, until)

    async def settle(self, name: str, text: str) -> str:
        there = await self.load(name)
        if there is None:
            await self.save(name, text)
        return text if there is None else there

    async def take(self, name: str) -> bool:
        there = await self.load(name)
        self._store.saved.pop((self._kind, name), None)
        return there is not None

    async def claim(self, name: str, seconds: int) -> bool:
        if await self.load(name) is not None:
            return False
        await self.save(name, "", seconds)
        return True


class InMemoryPeople:
    """Who said what in the same boxes."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store
        self._priced: dict[tuple[str, str], float] = {}
        self._spent: dict[str, list[float]] = defaultdict(list)

    async def spend(self, person: str, event: str, quota: Quota) -> Price:
        await self._store.faults.passed()
        if (until := self._priced.get((person, event))) is not None:
            return Price(resets_in=until - now() if until else None, repeated=True)
        self._store.faults.take_new()
        spent = [at for at in self._spent[person] if at > now() - quota.seconds]
        until = 0.0
        if len(spent) >= quota.questions:
            until = spent[len(spent) - quota.questions] + quota.seconds
        else:
            self._spent[person].append(now())
        self._priced[person, event] = until
        return Price(resets_in=until - now() if until else None)

    async def export(self, person: str) -> Sequence[Kept]:
        await self._store.faults.passed()
        found, told = [], set[str]()
        for box in self._boxes():
            channel = box.channel
            fresh = {channel.scope, channel.home} - told
            told |= fresh
            others = [turn.quotes for turn in box.turns if turn.person != person]
            others += [each.message.quotes for each in box.inbox.values() if each.message.person != person]
            kept = Kept(
                channel=channel,
                turns=tuple(turn for turn in box.turns if turn.person == person),
                waiting=tuple(
                    each.message
                    for each in box.inbox.values()
                    if each.message.person == person and each.work in (Work.ANSWER, Work.REDO)
                ),
                mentions=tuple(quote.text for quotes in others for quote in quotes if quote.person == person),
                texts=tuple(self._texts(person, fresh)),
                ratings=tuple(
                    (turn.message, version.ratings[person])
                    for turn in box.turns
                    for version in turn.versions
                    if person in version.ratings
                ),
            )
            settings: dict[str, SettingValue] = {}
            if channel.scope in fresh:
                place = self._store.set[channel.scope]
                own = {name: value for name, value in place.items() if not is_text(name)}
                settings = own if channel.private else self._store.personal[channel.scope, person]
            kept = replace(kept, settings=dict(settings))
            if kept != Kept(channel=channel):
                found.append(kept)
        return found

    async def forget(self, person: str) -> Forgotten:
        await self._store.faults.passed()
        self._unlist(person)
        waited = sum([await self._withdraw(box, person) for box in self._boxes()])
        for channel in {box.channel for box in self._boxes()}:
            commands = self._store.box(channel, Lane.COMMANDS)
            for name, request in list(commands.inbox.items()):
                if request.message.person == person and name != commands.current:
                    del commands.inbox[name]
                    self._store.publish(channel, message=name)
        gone = {text for (_, text), by in self._store.authors.items() if by == person}
        turns = mentions = ratings = texts = 0
        for box in self._boxes():
            turns += sum(turn.person == person for turn in box.turns)
            requests = [each.message.quotes for each in box.inbox.values()]
            quotes = [turn.quotes for turn in box.turns if turn.person != person] + requests
            mentions += sum(quote.person == person for each in quotes for quote in each)
            ratings += sum(person in version.ratings for turn in box.turns for version in turn.versions)
            left = [turn.without(person.__eq__) for turn in box.turns]
            hashes = {hash(text) for text in gone}
            box.turns = [without_texts(turn, hashes) for turn in left if turn is not None]
            box.inbox = {name: _unquoted(request, person) for name, request in box.inbox.items()}
            if box.current:
                box.forgotten |= {hash(person), *hashes}
        for place, settings in self._store.set.items():
            for name, value in list(settings.items()):
                if is_text(name) and self._store.authors.get((place, str(value))) == person:
                    del settings[name]
                    texts += 1
        kept = {place: values for place, values in self._store.personal.items() if place[1] != person}
        self._store.personal = defaultdict(dict, kept)
        for box in self._boxes():
            theirs = person in self._store.whose[box.channel.scope]
            if box.channel.private and theirs and not box.turns:
                self._store.set.pop(box.channel.scope, None)
        for key in [key for key, by in self._store.authors.items() if by == person]:
            del self._store.authors[key]
        for box in self._boxes():
            self._store.publish(box.channel)
        return Forgotten(turns=turns + waited, mentions=mentions, texts=texts, ratings=ratings)

    def _unlist(self, person: str) -> None:
        """Their private conversations are none of the latest any more."""
        for box in self._boxes():
            people = {*(turn.person for turn in box.turns), *(r.message.person for r in box.inbox.values())}
            if box.channel.private and person in people:
                box.asked_at = 0.0

    async def unfinished(self) -> Sequence[str]:
        await self._store.faults.passed()
        return []

    async def _withdraw(self, box: Box, person: str) -> int:
        asked = {turn.message for turn in box.turns if turn.person == person}
        theirs = {
            name: request
            for name, request in box.inbox.items()
            if request.message.person == person or request.message.id in asked
        }
        for name, request in theirs.items():
            if box.works_on(request.message.id):
                box.interruption = Interruption.WITHDRAW
            if name != box.current:
                del box.inbox[name]
            self._store.publish(box.channel, message=request.message.id, how=Interruption.WITHDRAW)
        for name in theirs.keys() & box.inbox.keys():
            while name in box.inbox and name == box.current and box.leased_until > now():
                await asyncio.sleep(0.1)
            if box.inbox.pop(name, None) and name == box.current:
                box.end()
        return sum(request.work is Work.ANSWER for request in theirs.values())

    def _boxes(self) -> list[Box]:
        return [box for (_, lane), box in self._store.boxes.items() if lane is Lane.QUESTIONS]

    def _texts(self, person: str, places: set[str]) -> list[tuple[str, str]]:
        current = [
            (name, str(value))
            for place in places
            for name, value in self._store.set[place].items()
            if is_text(name) and self._store.authors.get((place, str(value))) == person
        ]
        earlier = {
            text
            for (place, text), by in self._store.authors.items()
            if by == person and place in places and any(text == prompt for prompt in self._prompts())
        } - {text for _, text in current}
        return [*current, *(("system_prompt", text) for text in sorted(earlier))]

    def _prompts(self) -> set[str]:
        versions = (version for box in self._boxes() for turn in box.turns for version in turn.versions)
        return {str(each.account.settings.get("system_prompt", "")) for each in versions if each.account}


def named_alone(turn: Turn) -> Turn:
    """The turn without the texts of its files."""
    return replace(turn, files=tuple(replace(file, text="") for file in turn.files))


def same(one: Turn, other: Turn) -> bool:
    return replace(one, files=()) == replace(other, files=())


def newest(turns: Sequence[Turn], room: int | None) -> list[Turn]:
    """The latest of these that there is room for."""
    fit: list[Turn] = []
    for turn in reversed(turns):
        if room is not None and sum(each.size for each in (*fit, turn)) > room:
            break
        fit.insert(0, turn)
    return fit


def without_files(turn: Turn) -> Turn:
    """Without the texts of its files."""
    return replace(turn, files=tuple(replace(file, text="") for file in turn.files))


def without_texts(turn: Turn, gone: set[int]) -> Turn:
    """The turn without the system prompts whose hashes are these."""

    def version(each: Version) -> Version:
        account = each.account
        if account is None or hash(account.settings.get("system_prompt")) not in gone:
            return each
        return replace(each, account=replace(account, settings={**account.settings, "system_prompt": ""}))

    return replace(turn, versions=tuple(map(version, turn.versions)))


def _unquoted(request: Request, person: str) -> Request:
    quotes = tuple(quote for quote in request.message.quotes if quote.person != person)
    return replace(request, message=replace(request.message, quotes=quotes))
