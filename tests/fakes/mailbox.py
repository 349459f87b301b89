"""The store in memory, on the event loop's clock: small, and it behaves."""

import asyncio
import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.conversation import NOTHING_YET, Claim, Progress, Session, Turn
from bot.errors import LeaseLost
from bot.generation import SettingValue
from bot.messages import ChannelRef, IncomingMessage
from bot.ports import Submission

LEASE = 6.0


def now() -> float:
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class Box:
    """One conversation."""

    channel: ChannelRef
    inbox: dict[str, IncomingMessage] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    turns: list[Turn] = field(default_factory=list)
    leased_until: float = 0.0
    current: str = ""
    progress: Progress = NOTHING_YET
    fence: int = 0
    epoch: int = 0


class InMemoryMailbox:
    """`lease` in seconds."""

    def __init__(self, *, lease: float = LEASE) -> None:
        self.lease = lease
        self.boxes: dict[str, Box] = {}
        self.kept: dict[str, dict[str, SettingValue]] = defaultdict(dict)

    def box(self, channel: ChannelRef) -> Box:
        return self.boxes.setdefault(channel.key, Box(channel))

    async def submit(self, message: IncomingMessage, *, only_known: bool = False) -> Submission:
        box = self.box(message.channel)
        if only_known and not box.turns and not box.inbox:
            return Submission.NOT_OURS
        if message.id in box.seen:
            return Submission.DUPLICATE
        box.seen.add(message.id)
        box.inbox[message.id] = message
        return Submission.NEW

    async def take(self, channel: ChannelRef) -> Claim | None:
        box = self.box(channel)
        if not box.inbox or box.leased_until > now():
            return None
        oldest = min(box.inbox.values(), key=lambda message: (message.sent_at, message.id))
        box.current = box.current or oldest.id
        box.fence += 1
        box.leased_until = now() + self.lease
        return Claim(
            message=box.inbox[box.current],
            turns=tuple(box.turns),
            settings=dict(self.kept[channel.scope]),
            progress=box.progress,
            fence=box.fence,
            epoch=box.epoch,
        )

    async def beat(self, claim: Claim, progress: Progress) -> None:
        box = self._held(claim)
        box.leased_until = now() + self.lease
        box.progress = progress

    async def commit(self, claim: Claim, turn: Turn | None) -> bool:
        box = self._held(claim)
        del box.inbox[box.current]
        box.current, box.progress, box.leased_until = "", NOTHING_YET, 0.0
        if turn is not None and claim.epoch == box.epoch:
            box.turns.append(turn)
        return bool(box.inbox)

    async def release(self, claim: Claim, progress: Progress) -> None:
        box = self._held(claim)
        box.leased_until, box.progress = 0.0, progress

    async def orphans(self) -> Sequence[ChannelRef]:
        return [box.channel for box in self.boxes.values() if box.inbox and box.leased_until <= now()]

    def _held(self, claim: Claim) -> Box:
        box = self.box(claim.message.channel)
        if box.fence != claim.fence or box.current != claim.message.id:
            raise LeaseLost(box.channel.key)
        return box


class InMemoryMemory:
    """What is kept beside the questions, in the same boxes."""

    def __init__(self, mailbox: InMemoryMailbox) -> None:
        self._mailbox = mailbox
        self._once: set[tuple[str, str]] = set()

    async def settings(self, channel: ChannelRef) -> Mapping[str, SettingValue]:
        return dict(self._mailbox.kept[channel.scope])

    async def change(self, channel: ChannelRef, name: str, value: SettingValue) -> None:
        self._mailbox.kept[channel.scope].pop(name, None)
        if value is not None:
            self._mailbox.kept[channel.scope][name] = value

    async def reset(self, channel: ChannelRef) -> int:
        box = self._mailbox.box(channel)
        turns, box.turns, box.epoch = len(box.turns), [], box.epoch + 1
        return turns

    async def sessions(self, channel: ChannelRef) -> Sequence[Session]:
        boxes = [
            box for box in self._mailbox.boxes.values() if box.channel.scope == channel.scope and box.turns
        ]
        latest = sorted(boxes, key=lambda box: box.turns[-1].asked_at, reverse=True)[:10]
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
