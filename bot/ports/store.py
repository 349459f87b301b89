"""Everything that is kept."""

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from bot.conversation.events import ChannelRef, Said
from bot.conversation.fleet import Given, ProcessState, Sign
from bot.conversation.layers import Layer, Layers, Scope
from bot.conversation.requests import (
    Change,
    Claim,
    Interruption,
    Lane,
    Price,
    Progress,
    Quota,
    Reached,
    Request,
    Snapshot,
    Submission,
    Ticket,
)
from bot.conversation.turns import Divider, Forgotten, Kept, Session, Turn


class Budget(Protocol):
    """Calls that all processes of the bot make together."""

    async def spend(self, window: str, places: int, seconds: float) -> float:
        """Book a call if fewer than `places` were booked in the last `seconds`: 0.0.

        Otherwise book nothing: the seconds until a place opens. Raises `StoreUnavailable`.
        """


class Requests(Protocol):
    """What waits in each conversation, in the lane of its questions and that of its commands; one thing is
    done at a time in each.

    Every method raises `StoreUnavailable`; `beat`, `commit` and `release` raise `LeaseLost` when somebody
    has claimed the lane since, and are taken from the newest claim however long its lease is over.
    """

    async def submit(self, request: Request, *, only_known: bool = False) -> Submission:
        """Put a request in its lane, in the order of `at`. The same id twice is one."""

    async def take(
        self, request: Request, *, only_known: bool = False, room: int | None = None
    ) -> tuple[Submission, Claim | None]:
        """Submit, and where that is new, claim what is next in its lane, in one: what came of both."""

    async def claim(
        self, channel: ChannelRef, lane: Lane = Lane.QUESTIONS, *, room: int | None = None
    ) -> Claim | None:
        """Lease the oldest request that waits; `None` when none does or somebody holds the lease.

        It stays where it is until it is committed. `room`: how many bytes there are for what the model is
        told of the turns before it (`Turn.size`): the newest that fit come with the claim. `None`: for all.
        """

    async def beat(self, claim: Claim, progress: Progress) -> Interruption | None:
        """Renew the lease and keep what has been shown; what the holder was told meanwhile."""

    async def commit(self, claim: Claim, turn: Turn | None) -> bool:
        """Remember the turn in place of the one with the same question, or as the latest, and drop the
        request; whether more wait. `None`: nothing to remember. A message that it quotes and that was
        deleted or edited since the claim is quoted as it stands now.

        Raises `Interrupted` instead where the question was deleted or edited while it was answered.
        """

    async def release(self, claim: Claim, progress: Progress | None, *, failed: bool = False) -> None:
        """Give an unfinished request back: the next claim, by whomever, has it at once. `None`: with what was
        kept of it last.

        `failed`: an exception ended the work. It is counted, and the next claim is possible after a pause
        that grows.
        """

    async def drop(self, channel: ChannelRef, lane: Lane = Lane.QUESTIONS) -> Request | None:
        """Take out what could not be claimed, whoever holds its lease, and give it; nothing else of the
        conversation is looked at. `None`: nothing is there that can be read.
        """

    async def orphans(self, wanted: Callable[[ChannelRef, Lane], bool]) -> Sequence[ChannelRef]:
        """Conversations where requests may wait and nobody is at work; some may turn out empty. Whoever is
        given one takes it on: for a lease it is given to nobody else. So `wanted` says of a lane whether it
        would be taken on here; if not, it is left to others."""


class Conversations(Protocol):
    """What was said. Every method raises `StoreUnavailable`."""

    async def read(self, channel: ChannelRef, message: str | None = None) -> Snapshot:
        """A conversation as it stands, with what is being done and what waits there, commands aside; its
        turns' files are there by their names alone.

        `message`: of its turns only the one whose question or answer stands in this message, the latest for
        "", with its files.
        """

    async def amend(self, channel: ChannelRef, before: Turn, after: Turn | None) -> bool:
        """Put `after` in place of a turn, `None` to forget it; whether it still was as it was
        before, its files aside."""

    async def reset(self, channel: ChannelRef) -> int:
        """Forget the conversation's turns and dividers; how many turns there were. What waits stays."""

    async def divide(self, channel: ChannelRef, before: Sequence[Divider], after: Sequence[Divider]) -> bool:
        """Put dividers in place of those that there are; whether they still were as they were before."""

    async def sessions(self, channel: ChannelRef, *, most: int = 10) -> Sequence[Session]:
        """The latest conversations in this channel and its threads, newest first; `most` of them, at most a
        hundred."""

    async def latest(self, platform: str, *, private: bool, most: int) -> Sequence[ChannelRef]:
        """The conversations of a platform in which something was asked within a day, the latest first; `most`
        of them, at most a hundred. Either the private ones or the others."""

    async def interrupt(
        self, channel: ChannelRef, message: str, how: Interruption, revised: Said | None = None
    ) -> Reached:
        """Stop the work on a question; or withdraw a message that was deleted, or put the `revised` one in
        its place, wherever it stands: as a question that waits, as one that is being answered, as a quote.

        A withdrawn question that was answered is forgotten; one that was not is not taken later either. A
        `revised` message that is meant for others is put in the place of quotes alone.
        """

    async def of_message(self, channel: ChannelRef, message: str) -> ChannelRef | None:
        """The conversation, in this channel or a thread of it, in which the bot wrote that message."""


class ChannelSettings(Protocol):
    """What is set for workspaces, for channels, and by people for their own questions in a channel. Every
    method raises `StoreUnavailable`."""

    async def read(self, channel: ChannelRef, person: str) -> Layers:
        """What is set for this channel (in a thread: for the channel it hangs under) and its workspace, and
        what this person (`Said.person`) has set there for themselves."""

    async def change(
        self, channel: ChannelRef, changes: Layer, *, by: str, scope: Scope = Scope.CHANNEL
    ) -> None:
        """Set these for the channel, its whole workspace or the person alone, for good; `None` takes a value
        away.

        `by`: the person, whose own settings and texts go when they want to be forgotten.
        """


class People(Protocol):
    """What is kept of a person (`Said.person`). Every method raises `StoreUnavailable`."""

    async def spend(self, person: str, event: str, quota: Quota) -> Price:
        """Count a question; the same event again costs nothing and gets the same answer."""

    async def export(self, person: str) -> Sequence[Kept]:
        """Everything, by conversation; none where there is nothing."""

    async def forget(self, person: str) -> Forgotten:
        """Delete everything. What has begun is ended, by whichever process, however often it dies.

        What is being done for others meanwhile brings nothing of it back.
        """

    async def unfinished(self) -> Sequence[str]:
        """People whose forgetting was begun by a process that died."""


class Records(Protocol):
    """What a platform has to remember for itself, as texts under names. Every method raises
    `StoreUnavailable`."""

    async def load(self, name: str) -> str | None:
        """What was saved under that name."""

    async def save(self, name: str, text: str, seconds: int | None = None) -> None:
        """Keep it, for so long or for good."""

    async def settle(self, name: str, text: str) -> str:
        """Keep it for good unless something is there already; what is there now."""

    async def take(self, name: str) -> bool:
        """Remove it; whether it was there. Of several who take it, one alone is told so."""

    async def claim(self, name: str, seconds: int) -> bool:
        """Whether nobody else claimed that name within the last `seconds`."""


class Leases(Protocol):
    """What one process of the bot alone may have at a time, under names: a shard, a connection. This is one
    holder of one kind. What a holder has it keeps until it gives it back, or gives no sign for a lease.

    Every method raises `StoreUnavailable`. Meanwhile a holder goes on with what it has: whether somebody else
    has it by now is said when the store is back.
    """

    @property
    def seconds(self) -> float:
        """The lease."""

    @property
    def used(self) -> frozenset[str]:
        """Those of the names that this holder may use, as was said last."""

    async def hold(self, names: Sequence[str], most: int, *, shared: bool = True) -> frozenset[str]:
        """Give a sign, and take what is free; those of the names that this holder may use from now on.

        `shared`: no more than its part, the same for everybody who holds something of this kind or waits for
        it, and `most` at most. What it has beyond is not among them, and stays its own until it is released.
        A holder whose sign is no more there keeps what is still free of what it had, and takes nothing else.
        """

    async def release(self, names: Collection[str]) -> None:
        """Give these back: whoever asks next has them."""

    async def alone(self) -> bool:
        """Whether nobody else has given a sign within a lease, when last somebody did."""

    async def leave(self) -> None:
        """Give everything back, and have no part any more."""


class Line(Protocol):
    """The line for the model, of all processes: so many answers at once. People take turns, and what one of
    them asks goes in its order. A ticket without a sign for a lease is over. Every method raises
    `StoreUnavailable`.

    A ticket's number: 0, it has a place; 1, it is the next.
    """

    async def join(self, ticket: Ticket, places: int, most: int) -> int | None:
        """Take a number. `None` where `most` wait already; 0: any number may."""

    async def sign(self, tickets: Sequence[Ticket], places: int) -> Sequence[int]:
        """Say that these are still there; their numbers. What the store has lost is put back."""

    async def leave(self, ticket: Ticket, places: int) -> None:
        """Free the place, or give up waiting. Who has a place now is told by `Changes`."""


class Fleet(Protocol):
    """What each process of the bot says of itself. Every method raises `StoreUnavailable`."""

    async def sign(self, process: str, state: ProcessState) -> Given:
        """Keep it under that name in place of what it said last. A store that is full raises `StoreFull`."""

    async def leave(self, process: str) -> None:
        """Say nothing more of it: it ends."""

    async def read(self) -> Sequence[Sign]:
        """What every process said last that gave a sign within some minutes."""


class Changes(Protocol):
    """What changes in conversations, in whichever process."""

    async def listen(self, tell: Callable[[Change], None], subscribed: Callable[[], None]) -> None:
        """Call `tell` with every change of a conversation, until cancelled; `subscribed` once that has
        begun: what was published before is lost. Raises `StoreUnavailable`."""


class Store(Protocol):
    """Everything that is kept."""

    @property
    def requests(self) -> Requests: ...

    @property
    def conversations(self) -> Conversations: ...

    @property
    def settings(self) -> ChannelSettings: ...

    @property
    def people(self) -> People: ...

    @property
    def changes(self) -> Changes: ...

    @property
    def budget(self) -> Budget: ...

    @property
    def line(self) -> Line: ...

    @property
    def fleet(self) -> Fleet: ...

    def records(self, kind: str) -> Records:
        """What is remembered under the names of one kind, as of one platform."""

    def leases(self, kind: str) -> Leases:
        """Another holder of what there is of one kind, as of one platform."""
