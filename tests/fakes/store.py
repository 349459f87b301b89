"""The store in memory, on the event loop's clock: small, and it behaves."""

import asyncio
import textwrap
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.conversation.content import Quote
from bot.conversation.events import ChannelRef, Said
from bot.conversation.requests import (
    NOTHING_YET,
    Change,
    Claim,
    Interruption,
    Progress,
    Request,
    Running,
    Snapshot,
    Work,
    asked,
)
from bot.conversation.settings import Layer, Layers, SettingValue, is_text
from bot.conversation.turns import Forgotten, Kept, Session, Turn
from bot.errors import Interrupted, LeaseLost
from bot.ports import Submission

LEASE = 6.0


def now() -> float:
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class Box:
    """One conversation."""

    channel: ChannelRef
    inbox: dict[str, Request] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    turns: list[Turn] = field(default_factory=list)
    heard: list[Said] = field(default_factory=list)
    leased_until: float = 0.0
    current: str = ""
    interruption: Interruption | None = None
    progress: Progress = NOTHING_YET
    fence: int = 0
    epoch: int = 0
    forgotten: set[int] = field(default_factory=set)


class InMemoryMailbox:
    """`lease` in seconds."""

    def __init__(self, *, lease: float = LEASE) -> None:
        self.lease = lease
        self.boxes: dict[str, Box] = {}
        self.kept: dict[str, dict[str, SettingValue]] = defaultdict(dict)
        self.set_by: dict[tuple[str, str], str] = {}
        self.written: dict[tuple[str, str], str] = {}
        self.listeners: list[Callable[[Change], None]] = []

    def publish(
        self, channel: ChannelRef, *, message: str = "", how: Interruption | None = None, grown: bool = False
    ) -> None:
        change = Change(conversation=channel.key, message=message, interruption=how, grown=grown)
        for tell in self.listeners:
            asyncio.get_running_loop().call_soon(tell, change)

    def box(self, channel: ChannelRef) -> Box:
        return self.boxes.setdefault(channel.key, Box(channel))

    def layers(self, channel: ChannelRef) -> Layers:
        return Layers(
            channel=dict(self.kept[channel.scope]),
            workspace=dict(self.kept[channel.home]) if channel.home else {},
            private=channel.private,
        )

    async def submit(self, request: Request, *, only_known: bool = False) -> Submission:
        box = self.box(request.message.channel)
        if request.id in box.seen:
            return Submission.DUPLICATE
        if only_known and not box.turns and not box.inbox:
            box.heard.append(request.message)
            return Submission.NOT_OURS
        box.seen.add(request.id)
        box.inbox[request.id] = request
        self.publish(box.channel)
        return Submission.NEW

    async def take(self, channel: ChannelRef) -> Claim | None:
        box = self.box(channel)
        if not box.inbox or box.leased_until > now():
            return None
        oldest = min(box.inbox.values(), key=lambda request: (request.at, request.id))
        box.current = box.current or oldest.id
        box.fence += 1
        box.leased_until = now() + self.lease
        if box.interruption is Interruption.REVISE:
            box.interruption, box.progress = None, replace(box.progress, text="")
        return Claim(
            request=box.inbox[box.current],
            turns=tuple(box.turns),
            settings=self.layers(channel),
            heard=tuple(Quote(author=m.author.name, text=m.text, person=m.person) for m in box.heard),
            progress=box.progress,
            interruption=box.interruption,
            fence=box.fence,
            epoch=box.epoch,
        )

    async def beat(self, claim: Claim, progress: Progress) -> Interruption | None:
        box = self._held(claim)
        box.leased_until = now() + self.lease
        box.progress = progress
        self.publish(box.channel, grown=True)
        return box.interruption

    async def commit(self, claim: Claim, turn: Turn | None) -> bool:
        box = self._held(claim)
        if turn is not None and box.interruption in (Interruption.WITHDRAW, Interruption.REVISE):
            raise Interrupted(box.interruption)
        turn = turn and turn.without(lambda name: hash(name) in box.forgotten)
        box.inbox.pop(box.current, None)
        if claim.request.work is not Work.ANSWER:
            box.seen.discard(box.current)
        self.ended(box)
        if turn is not None and claim.epoch == box.epoch:
            places = [place for place, each in enumerate(box.turns) if each.message == turn.message]
            if places:
                box.turns[places[0]] = turn
            elif claim.request.work is Work.ANSWER:
                box.turns.append(turn)
                del box.heard[: len(claim.heard)]
        self.publish(box.channel)
        return bool(box.inbox)

    async def release(self, claim: Claim, progress: Progress) -> None:
        box = self._held(claim)
        box.leased_until, box.progress = 0.0, progress

    async def orphans(self) -> Sequence[ChannelRef]:
        return [box.channel for box in self.boxes.values() if box.inbox and box.leased_until <= now()]

    def ended(self, box: Box) -> None:
        box.current, box.progress, box.leased_until, box.interruption = "", NOTHING_YET, 0.0, None
        box.forgotten.clear()

    def _held(self, claim: Claim) -> Box:
        box = self.box(claim.message.channel)
        if box.fence != claim.fence or box.current != claim.request.id:
            raise LeaseLost(box.channel.key)
        return box


class InMemoryInterrupts:
    """Interruptions in the same boxes."""

    def __init__(self, mailbox: InMemoryMailbox) -> None:
        self._mailbox = mailbox

    async def current(self, channel: ChannelRef) -> Running | None:
        box = self._mailbox.box(channel)
        if not box.current:
            return None
        return Running(request=box.inbox[box.current], progress=box.progress)

    async def stop(self, channel: ChannelRef, message: str) -> bool:
        box = self._mailbox.box(channel)
        if not self._at_work(box, message):
            return False
        box.interruption = box.interruption or Interruption.STOP
        self._mailbox.publish(channel, message=message, how=Interruption.STOP)
        return True

    async def withdraw(self, channel: ChannelRef, message: str) -> bool:
        box = self._mailbox.box(channel)
        box.seen.add(message)
        at_work = self._at_work(box, message)
        if at_work:
            box.interruption = Interruption.WITHDRAW
        waited = box.current != message and box.inbox.pop(message, None) is not None
        if at_work or waited:
            self._mailbox.publish(channel, message=message, how=Interruption.WITHDRAW)
        return at_work or waited

    async def revise(self, message: Said) -> bool:
        box = self._mailbox.box(message.channel)
        before = box.inbox.get(message.id)
        if before is None or box.interruption is Interruption.WITHDRAW:
            return False
        if before.message.text != message.text:
            box.inbox[message.id] = asked(message)
            if box.current == message.id:
                box.interruption = Interruption.REVISE
            self._mailbox.publish(message.channel, message=message.id, how=Interruption.REVISE)
        return True

    async def listen(self, tell: Callable[[Change], None], subscribed: Callable[[], None]) -> None:
        self._mailbox.listeners.append(tell)
        subscribed()
        try:
            await asyncio.Event().wait()
        finally:
            self._mailbox.listeners.remove(tell)

    def _at_work(self, box: Box, message: str) -> bool:
        return bool(box.current) and box.inbox[box.current].message.id == message


class InMemoryArchive:
    """The turns in the same boxes."""

    def __init__(self, mailbox: InMemoryMailbox) -> None:
        self._mailbox = mailbox

    async def turns(self, channel: ChannelRef) -> Sequence[Turn]:
        return list(self._mailbox.box(channel).turns)

    async def snapshot(self, channel: ChannelRef) -> Snapshot:
        box = self._mailbox.box(channel)
        waiting = sorted(box.inbox.values(), key=lambda request: (request.at, request.id))
        return Snapshot(
            turns=tuple(box.turns),
            running=Running(request=box.inbox[box.current], progress=box.progress) if box.current else None,
            waiting=tuple(request for request in waiting if request.id != box.current),
        )

    async def amend(self, channel: ChannelRef, before: Turn, after: Turn | None) -> bool:
        turns = self._mailbox.box(channel).turns
        if before not in turns:
            return False
        turns[turns.index(before) : turns.index(before) + 1] = [] if after is None else [after]
        self._mailbox.publish(channel)
        return True

    async def overhear(self, message: Said) -> None:
        self._mailbox.box(message.channel).heard.append(message)

    async def heard(self, channel: ChannelRef, message: str) -> bool:
        return any(each.id == message for each in self._mailbox.box(channel).heard)


class InMemoryMemory:
    """What is kept beside the questions, in the same boxes."""

    def __init__(self, mailbox: InMemoryMailbox) -> None:
        self._mailbox = mailbox
        self._once: set[tuple[str, str]] = set()

    async def settings(self, channel: ChannelRef) -> Layers:
        return self._mailbox.layers(channel)

    async def change(self, channel: ChannelRef, changes: Layer, *, by: str, workspace: bool = False) -> None:
        self._mailbox.box(channel)
        place = channel.home if workspace else channel.scope
        for name, value in changes.items():
            self._mailbox.kept[place].pop(name, None)
            if value is not None:
                self._mailbox.kept[place][name] = value
                if is_text(name):
                    text = str(value)
                    author = self._mailbox.written.get((channel.home, text), by)
                    author = self._mailbox.written.setdefault((place, text), author)
                    self._mailbox.set_by[place, name] = author

    async def reset(self, channel: ChannelRef) -> int:
        box = self._mailbox.box(channel)
        turns, box.turns, box.epoch = len(box.turns), [], box.epoch + 1
        self._mailbox.publish(channel)
        return turns

    async def sessions(self, channel: ChannelRef, *, most: int = 10) -> Sequence[Session]:
        boxes = [
            box for box in self._mailbox.boxes.values() if box.channel.scope == channel.scope and box.turns
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

    async def once(self, channel: ChannelRef, event: str) -> bool:
        known = (channel.scope, event) in self._once
        self._once.add((channel.scope, event))
        return not known


class InMemoryPeople:
    """Who said what in the same boxes."""

    def __init__(self, mailbox: InMemoryMailbox) -> None:
        self._mailbox = mailbox
        self._interrupts = InMemoryInterrupts(mailbox)

    async def kept(self, person: str) -> Sequence[Kept]:
        found = []
        told: set[str] = set()
        for channel in self._channels():
            box, fresh = self._mailbox.box(channel), {channel.scope, channel.home} - told
            told |= fresh
            others = [turn.quotes for turn in box.turns if turn.person != person]
            others += [each.message.quotes for each in box.inbox.values() if each.message.person != person]
            quoted = [quote.text for quotes in others for quote in quotes if quote.person == person]
            overheard = [each.text for each in box.heard if each.person == person]
            texts = self._texts(person, fresh)
            kept = Kept(
                channel=channel,
                turns=tuple(turn for turn in box.turns if turn.person == person),
                waiting=tuple(
                    each.message
                    for each in box.inbox.values()
                    if each.message.person == person and each.work in (Work.ANSWER, Work.REDO)
                ),
                mentions=(*quoted, *overheard),
                texts=tuple(texts),
                ratings=tuple(
                    (turn.message, version.ratings[person])
                    for turn in box.turns
                    for version in turn.versions
                    if person in version.ratings
                ),
            )
            if kept != Kept(channel=channel):
                own = channel.private and channel.scope in fresh
                found.append(replace(kept, settings=dict(self._mailbox.kept[channel.scope]) if own else {}))
        return found

    async def forget(self, person: str) -> Forgotten:
        waited = sum([await self._withdraw(box, person) for box in self._mailbox.boxes.values()])
        texts = {key for key, by in self._mailbox.written.items() if by == person}
        turns = mentions = ratings = 0
        for box in self._mailbox.boxes.values():
            gone = {
                person,
                *(text for place, text in texts if place in (box.channel.scope, box.channel.home)),
            }
            turns += sum(turn.person == person for turn in box.turns)
            requests = [each.message.quotes for each in box.inbox.values()]
            quotes = [turn.quotes for turn in box.turns if turn.person != person] + requests
            mentions += sum(quote.person == person for each in quotes for quote in each)
            mentions += sum(message.person == person for message in box.heard)
            ratings += sum(person in version.ratings for turn in box.turns for version in turn.versions)
            left = [turn.without(gone.__contains__) for turn in box.turns]
            box.turns = [turn for turn in left if turn is not None]
            box.heard = [message for message in box.heard if message.person != person]
            box.inbox = {name: _unquoted(request, person) for name, request in box.inbox.items()}
            if box.current:
                box.forgotten |= {hash(name) for name in gone}
            if box.channel.private and not box.turns:
                self._mailbox.kept.pop(box.channel.scope, None)
        theirs = [key for key, by in self._mailbox.set_by.items() if by == person]
        for place, name in theirs:
            self._mailbox.kept[place].pop(name, None)
            del self._mailbox.set_by[place, name]
        for key in texts:
            del self._mailbox.written[key]
        return Forgotten(turns=turns + waited, mentions=mentions, texts=len(theirs), ratings=ratings)

    async def unfinished(self) -> Sequence[str]:
        return []

    async def _withdraw(self, box: Box, person: str) -> int:
        asked = {turn.message for turn in box.turns if turn.person == person}
        theirs = {
            name: request
            for name, request in box.inbox.items()
            if request.message.person == person or request.message.id in asked
        }
        for message in {request.message.id for request in theirs.values()}:
            await self._interrupts.withdraw(box.channel, message)
        for name in theirs:
            while name in box.inbox and name == box.current and box.leased_until > now():
                await asyncio.sleep(0.1)
            if box.inbox.pop(name, None) and name == box.current:
                self._mailbox.ended(box)
        return sum(request.work is Work.ANSWER for request in theirs.values())

    def _channels(self) -> list[ChannelRef]:
        return [box.channel for box in self._mailbox.boxes.values()]

    def _texts(self, person: str, places: set[str]) -> list[tuple[str, str]]:
        current = [
            (name, str(self._mailbox.kept[place][name]))
            for (place, name), by in self._mailbox.set_by.items()
            if by == person and place in places and name in self._mailbox.kept[place]
        ]
        earlier = {
            text
            for (place, text), by in self._mailbox.written.items()
            for box in self._mailbox.boxes.values()
            for turn in box.turns
            for version in turn.versions
            if by == person
            and place in places
            and place in (box.channel.scope, box.channel.home)
            and version.account is not None
            and version.account.settings.get("system_prompt") == text
        } - {text for _, text in current}
        return [*current, *(("system_prompt", text) for text in sorted(earlier))]


def _unquoted(request: Request, person: str) -> Request:
    quotes = tuple(quote for quote in request.message.quotes if quote.person != person)
    return replace(request, message=replace(request.message, quotes=quotes))


class InMemoryQuota:
    """So many questions in so many seconds."""

    def __init__(self, questions: int, *, seconds: float) -> None:
        self._questions = questions
        self._seconds = seconds
        self._spent: dict[str, list[float]] = defaultdict(list)

    async def resets_in(self, user: str) -> float | None:
        spent = [at for at in self._spent[user] if at > now() - self._seconds]
        return spent[0] + self._seconds - now() if len(spent) >= self._questions else None

    async def spend(self, user: str) -> None:
        self._spent[user].append(now())
