"""Takes in what people say and do: who is heard, what it comes to, and what they are told at once."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from bot.commands.words import Commands, understood
from bot.conversation.events import (
    Address,
    ChannelRef,
    Deleted,
    Edited,
    Event,
    Invoked,
    Said,
    Spoken,
    Standing,
)
from bot.conversation.requests import Request, Work, asked
from bot.conversation.turns import found
from bot.conversation.views import Notice
from bot.display.reply import take_back
from bot.display.slots import Slots
from bot.errors import PlatformError, StoreUnavailable
from bot.languages import speaker
from bot.languages.times import duration
from bot.ports import Archive, ChannelMemory, Interrupts, Mailbox, Platform, Quota, Submission
from bot.service.admission import Admission, Refusal

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """`slots`: where each platform's replies wait for their turn. `work` is called with a conversation in
    which there is something to do. `now`: the time in seconds since 1970.

    `telling` are the tasks that say something to people just now.
    """

    platforms: Mapping[str, Platform]
    slots: Mapping[str, Slots]
    mailbox: Mailbox
    interrupts: Interrupts
    archive: Archive
    memory: ChannelMemory
    quota: Quota
    admission: Admission
    commands: Commands
    work: Callable[[ChannelRef], None]
    now: Callable[[], float]
    telling: set[asyncio.Task[None]] = field(default_factory=set)

    async def receive(self, event: Event) -> None:
        """Take one event in; when this returns it is safe. Raises `StoreUnavailable`."""
        match event:
            case Edited():
                await self._edited(event)
            case Deleted():
                await self._deleted(event)
            case _:
                await self._spoken(event)

    async def _spoken(self, event: Spoken) -> None:
        event = self._understood(event)
        refusal = self.admission.refusal(event)
        if refusal is not None:
            self._refuse(event, refusal)
            return
        try:
            match event:
                case Invoked():
                    if await self.memory.once(event.channel, event.id):
                        self._start(self._command(event))
                case Said(address=Address.OVERHEARD):
                    await self.archive.overhear(event)
                case Said():
                    await self._question(event)
                case _:
                    assert_never(event)
        except StoreUnavailable:
            if not _unaddressed(event):
                self._tell(event, "store_unavailable")
            raise

    def _understood(self, event: Spoken) -> Spoken:
        """What an event asks for; an operator's admin may manage everything."""
        if event.author.id in self.admission.admins:
            event = replace(event, author=replace(event.author, standing=Standing.WORKSPACE))
        return understood(event)

    def _refuse(self, event: Spoken, refusal: Refusal) -> None:
        silent = refusal is Refusal.BLOCKED and not event.reply_token
        if not _unaddressed(event) and not silent:
            self._tell(event, refusal.value)

    async def _question(self, message: Said) -> None:
        if not await self._within_quota(message):
            return
        only_known = message.address is Address.FOLLOW_UP
        if await self.mailbox.submit(asked(message), only_known=only_known) is not Submission.NEW:
            return
        self.work(message.channel)
        await self._spend(message)

    async def _edited(self, edit: Edited) -> None:
        """Answer a question anew, wherever it has got to; one that was none before its edit is one now."""
        event = self._understood(edit.message)
        if self.admission.refusal(edit.message) is not None or not isinstance(event, Said):
            return
        if await self.interrupts.revise(event):
            return
        turn = found(await self.archive.turns(event.channel), event.id)
        if turn is None or turn.message != event.id:
            if not _unaddressed(event):
                await self._question(event)
        elif turn.question != event.text and await self._within_quota(event):
            # As old as its question, so that what waits behind that sees the new text; and of two that are
            # equally old, the ids tell which was edited first.
            once = f"{Work.REDO}:{event.id}:{edit.edited_at:.6f}"
            await self._do(Request(id=once, at=turn.asked_at, work=Work.REDO, message=event))
            await self._spend(event)

    async def _deleted(self, gone: Deleted) -> None:
        """Forget a question and its answer, wherever it has got to."""
        await self.interrupts.withdraw(gone.channel, gone.id)
        while turn := found(await self.archive.turns(gone.channel), gone.id):
            if turn.message != gone.id:
                return
            if await self.archive.amend(gone.channel, turn, None):
                name = gone.channel.platform
                self._start(take_back(gone.channel, turn.replies, self.platforms[name], self.slots[name]))
                return

    async def _within_quota(self, event: Spoken) -> bool:
        """Whether this person may ask now; who addressed the bot is told when they may again."""
        if event.author.id in self.admission.admins:
            return True
        seconds = await self.quota.resets_in(event.person)
        if seconds is not None and not _unaddressed(event):
            self._tell(event, "over_quota", time=duration(speaker(event.author.locale), seconds))
        return seconds is None

    async def _spend(self, event: Spoken) -> None:
        if event.author.id not in self.admission.admins:
            await self.quota.spend(event.person)

    async def _command(self, command: Invoked) -> None:
        say = speaker(command.author.locale)
        try:
            response = await self.commands.answer(command)
            notice, request = response.notice, response.request
            if request is not None:
                costs = request.work in (Work.AGAIN, Work.GO_ON)
                if costs and not await self._within_quota(command):
                    return
                if not await self._do(request):
                    notice = Notice(text=response.already)
                elif costs:
                    await self._spend(command)
        except StoreUnavailable:
            notice = Notice(text=say("store_unavailable"))
        if notice is not None and not command.quiet:
            await self.platforms[command.channel.platform].tell(command, notice)

    async def _do(self, request: Request) -> bool:
        """Let it be done in its turn; whether it is new."""
        new = await self.mailbox.submit(request) is Submission.NEW
        if new:
            self.work(request.message.channel)
        return new

    def _tell(self, event: Spoken, key: str, **values: object) -> None:
        notice = Notice(text=speaker(event.author.locale)(key, **values))
        self._start(self.platforms[event.channel.platform].tell(event, notice))

    def _start(self, telling: Coroutine[None, None, None]) -> None:
        async def told() -> None:
            try:
                await telling
            except PlatformError as error:
                logger.info("could not be told: %s", type(error).__name__)

        task = asyncio.create_task(told())
        self.telling.add(task)
        task.add_done_callback(self.telling.discard)


def _unaddressed(event: Spoken) -> bool:
    """Whether the event may not be meant for the bot at all, so that it must not speak of it."""
    if isinstance(event, Invoked):
        return event.quiet
    return event.address in (Address.FOLLOW_UP, Address.OVERHEARD)
