"""Takes events in: who may, what it costs, what it comes to, and what is shown at once."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Protocol, assert_never

from bot.commands import invoke
from bot.commands.context import Context, Response
from bot.commands.panel import panel
from bot.commands.words import as_verb
from bot.conversation.events import (
    Address,
    ChannelRef,
    Closed,
    Deleted,
    Edited,
    Event,
    Invoked,
    Opened,
    Said,
    Spoken,
)
from bot.conversation.requests import (
    Interruption,
    Price,
    Request,
    State,
    Work,
    command_request,
    question_request,
)
from bot.conversation.verbs import VERBS
from bot.conversation.views import Notice, Outcome
from bot.conversation.wellformed import well_formed
from bot.display.paced import Paced
from bot.errors import StoreFull, StoreUnavailable
from bot.languages import speaker
from bot.languages.faults import store_fault
from bot.ports import Store
from bot.service.admission import Admission, Refusal, is_unaddressed
from bot.service.endings import end_all
from bot.service.notices import HOUR, failed, not_heard, until_told
from bot.service.prices import Prices, costs_anew, too_much
from bot.service.refusals import Refusals
from bot.service.telling import Telling, addressee
from bot.service.waiting import Waiting

logger = logging.getLogger(__name__)

FRESH = 600.0
"""Seconds after an edit for which a message that was no question becomes one. Platforms tell of older edits,
too, when somebody pins a message or a preview of it is drawn, and a clock may be wrong by minutes."""


class Take(Protocol):
    """Lets something be done in its turn; whether it is new. Raises `StoreUnavailable`."""

    async def __call__(self, request: Request, *, only_known: bool = False) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """`screens`: the platforms by their names. `take` lets something be done in its turn. `catch_up`: how old
    what was said while the bot was away may be, in seconds. `waiting`: what was taken in here and is not
    done.
    """

    screens: Mapping[str, Paced]
    store: Store
    prices: Prices
    admission: Admission
    context: Context
    take: Take
    catch_up: float
    telling: Telling
    refusals: Refusals
    waiting: Waiting = field(default_factory=Waiting)

    async def receive(self, event: Event) -> Notice | None:
        """Take one event in; when this returns it is safe. What is to be shown at once, back the way it came.

        Raises `StoreUnavailable`.
        """
        event = well_formed(event)
        if await self.refusals.told(event):
            return None
        match event:
            case Opened():
                return await self._open(event)
            case Edited():
                return await self._revise(event)
            case Deleted():
                await self._withdraw(event)
            case Closed():
                await end_all(event.channel, self.store.conversations)
            case Said(late=True) if self.context.now() - event.sent_at > self.catch_up:
                return None
            case Said() | Invoked():
                return await self._take_in(as_verb(replace(event, author=self.admission.rank(event.author))))
            case _:
                assert_never(event)
        return None

    async def _take_in(self, event: Spoken) -> Notice | None:
        refusal = self.admission.refusal(event.author, event.channel)
        if refusal is not None:
            return await self._refuse(event, refusal)
        match event:
            case Invoked():
                return await self._invoke(event)
            case Said(address=Address.OVERHEARD):
                return None
            case Said():
                return await self._ask(event)
            case _:
                assert_never(event)

    def wait(self, event: Event) -> None:
        """Tell whoever addressed the bot that what they said waits for the store."""
        if (said := self.admission.addressed(event)) is not None:
            self._tell(said, failed(said, "store_waits"))

    async def refuse(self, event: Event, error: StoreUnavailable) -> Notice | None:
        """Tell whoever said something to the bot that the store can't take it, and why."""
        if isinstance(event, Opened):
            return failed(event, store_fault(error))
        said = self.admission.addressed(event)
        if isinstance(error, StoreFull):
            with suppress(StoreUnavailable):
                said = await self._untold(event)
        return None if said is None else self.refusals.tell(said, failed(said, store_fault(error)))

    async def _untold(self, event: Event) -> Spoken | None:
        """What somebody said to the bot, also without a mention where it was asked before; once an event."""
        said = event.message if isinstance(event, Edited) else event
        if (
            isinstance(said, Said)
            and said.address is Address.FOLLOW_UP
            and await self._is_known(said.channel)
        ):
            said = replace(said, address=Address.MENTION)
        heard = self.admission.addressed(said)
        return heard if heard is not None and await self.refusals.claim(heard) else None

    async def _refuse(self, event: Spoken, refusal: Refusal) -> Notice | None:
        """Say why somebody is not heard, once an event; to whom the operator blocked, in answer alone."""
        if is_unaddressed(event) or (refusal is Refusal.BLOCKED and not event.reply):
            return None
        if not await self.refusals.claim(event):
            return None
        return self.refusals.tell(event, not_heard(event, refusal))

    async def _open(self, event: Opened) -> Notice:
        """What holds in a place, for whoever may see it."""
        refusal = self.admission.refusal(event.author, event.channel)
        if refusal is not None:
            return not_heard(event, refusal)
        author, say = self.admission.rank(event.author), speaker(event.author.locale)
        return await panel(event.channel, author, self.context, say, sessions=event.sessions)

    async def _ask(self, message: Said) -> Notice | None:
        only_known = message.address is Address.FOLLOW_UP
        if only_known and not await self._is_known(message.channel):
            return None
        price = await self.prices.pay(message, message.id)
        if price.resets_in is not None:
            return self._refuse_late(message, price)
        await self._submit(question_request(message), only_known=only_known)
        return None

    async def _is_known(self, channel: ChannelRef) -> bool:
        """Whether the bot was ever asked something in this conversation."""
        stands = await self.store.conversations.read(channel, "")
        return bool(stands.turns or stands.running or stands.waiting)

    async def _revise(self, edit: Edited) -> Notice | None:
        """Answer a question anew, wherever it has got to; one that was none before its edit is one now. What
        is meant for others, or said by somebody who is not heard, is not answered, but it may be quoted."""
        heard = self.admission.refusal(edit.message.author, edit.channel) is None
        if edit.message.address is Address.OVERHEARD or not heard:
            quoted = replace(edit.message, address=Address.OVERHEARD)
            await self.store.conversations.interrupt(quoted.channel, quoted.id, Interruption.REVISE, quoted)
            return None
        event = as_verb(replace(edit.message, author=self.admission.rank(edit.message.author)))
        if not isinstance(event, Said):
            return None
        once = f"{Work.REDO}:{event.id}:{edit.edited_at:.6f}"
        if await costs_anew(event, self.store.conversations):
            price = await self.prices.pay(event, once)
            if price.resets_in is not None:
                return self._refuse_late(event, price)
        reached = await self.store.conversations.interrupt(
            event.channel, event.id, Interruption.REVISE, event
        )
        if reached.state is not State.UNKNOWN:
            self.waiting.add(question_request(event))
            return None
        turn = reached.turn
        if turn is None:
            fresh = self.context.now() - edit.edited_at < FRESH
            return await self._ask(event) if fresh and not is_unaddressed(event) else None
        if turn.question != event.text:
            # As old as its question, so that what waits behind that sees the new text; and of two that are
            # equally old, the ids tell which was edited first.
            price = await self.prices.pay(event, once)
            if price.resets_in is not None:
                return self._refuse_late(event, price)
            await self._submit(Request(id=once, at=turn.asked_at, work=Work.REDO, message=event))
        return None

    async def _withdraw(self, gone: Deleted) -> None:
        """Forget a question and its answer, wherever it has got to."""
        self.waiting.remove(gone.channel.key, gone.id)
        reached = await self.store.conversations.interrupt(gone.channel, gone.id, Interruption.WITHDRAW)
        if reached.turn is not None:
            self.telling.start(
                self.screens[gone.channel.platform].take_back(gone.channel, reached.turn.replies)
            )

    def _refuse_late(self, event: Spoken, price: Price) -> Notice | None:
        """Say, once for each event, when this person may ask again."""
        heard_before = price.repeated and not (isinstance(event, Said) and event.late)
        if is_unaddressed(event) or (heard_before and not event.reply):
            return None
        return self.refusals.tell(event, too_much(event, price))

    async def _invoke(self, command: Invoked) -> Notice | None:
        where = await self._conversation(command)
        if where is None:
            return None
        if not command.reply:
            await self._submit(command_request(replace(command, channel=where), self.context.now()))
            return None
        once = f"{command.channel.key}:{command.id}"
        if not await self.store.records("events").claim(once, HOUR):
            return None
        try:
            notice = await self._carry_out(replace(command, channel=where))
        except StoreUnavailable as error:
            notice = failed(command, store_fault(error))
        return None if command.quiet else notice

    async def _conversation(self, command: Invoked) -> ChannelRef | None:
        """The conversation that it is about, where only a message and its channel are named, as by a reaction
        or a message's menu. `None` for a reaction to what is no answer."""
        where = None
        if command.target:
            where = await self.store.conversations.of_message(command.channel, command.target)
        if where is None and (not command.quiet or await self._is_known(command.channel)):
            return command.channel
        return where

    async def do(self, command: Invoked) -> None:
        """Do a verb that has waited for its turn, and tell what came of it. Raises `StoreUnavailable`."""
        notice = await self._carry_out(command)
        if notice is not None and not command.quiet:
            await until_told(self.screens[command.channel.platform].tell(command, notice))

    async def _carry_out(self, command: Invoked) -> Notice | None:
        """Do what a verb says; whatever goes wrong ends in words, but that the store is away."""
        try:
            response = await invoke(command, self.context)
            return await self._follow(command, response)
        except StoreFull as error:
            return failed(command, store_fault(error))
        except StoreUnavailable:
            raise
        except Exception:
            logger.exception("%s %s", command.channel.key, command.id)
            return failed(command, "unexpected")

    async def _follow(self, command: Invoked, response: Response) -> Notice | None:
        """Let be done in the conversation what a verb comes to."""
        request = response.request
        if request is None:
            return response.notice
        if VERBS[command.verb].costs:
            price = await self.prices.pay(command, request.id)
            if price.resets_in is not None:
                return too_much(command, price)
        if not await self._submit(request):
            return Notice(text=response.already, outcome=Outcome.REFUSED)
        return response.notice

    async def _submit(self, request: Request, *, only_known: bool = False) -> bool:
        """Let it be done in its turn; whether it is new."""
        new = await self.take(request, only_known=only_known)
        if new:
            self.waiting.add(request)
        return new

    def _tell(self, event: Spoken, notice: Notice) -> None:
        self.telling.start(self.screens[event.channel.platform].tell(addressee(event), notice))
