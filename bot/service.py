"""Runs the platforms, takes in what people write, and keeps every conversation's questions moving."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from typing import assert_never

from bot.admission import Admission, Refusal
from bot.answer import Answerer
from bot.commands import Commands, understood
from bot.errors import LeaseLost, PlatformError, StoreUnavailable
from bot.languages import speaker
from bot.languages.times import duration
from bot.messages import Address, ChannelRef, CommandInvoked, Event, IncomingMessage
from bot.ports import ChannelMemory, ChatPlatform, Mailbox, Quota, Submission
from bot.slots import Slots

logger = logging.getLogger(__name__)

SWEEP = 2.0
"""Seconds between two looks for conversations that a dead process left behind."""

STORE_PATIENCE = 5.0
"""Seconds until a conversation is looked at again whose store did not answer."""


class Service:
    """The bot at work. `slots`: where each platform's replies wait for their turn; `drain_seconds`: how long
    running answers may take when it is told to stop."""

    def __init__(
        self,
        *,
        platforms: Mapping[str, ChatPlatform],
        slots: Mapping[str, Slots],
        mailbox: Mailbox,
        memory: ChannelMemory,
        quota: Quota,
        admission: Admission,
        commands: Commands,
        answerer: Answerer,
        drain_seconds: float,
    ) -> None:
        self._platforms = platforms
        self._slots = slots
        self._mailbox = mailbox
        self._memory = memory
        self._quota = quota
        self._admission = admission
        self._commands = commands
        self._answerer = answerer
        self._drain_seconds = drain_seconds
        self._draining = False
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self._asked_again: set[str] = set()
        self._telling: set[asyncio.Task[None]] = set()
        self.store_answers = True

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop` is set or a platform ends by itself, then let running answers end."""
        running = [
            asyncio.create_task(platform.run(self.receive), name=name)
            for name, platform in self._platforms.items()
        ]
        sweeping = asyncio.create_task(self._sweep())
        stopped = asyncio.create_task(stop.wait())
        try:
            done, _ = await asyncio.wait((*running, stopped), return_when=asyncio.FIRST_COMPLETED)
            await self._drain()
            for task in done - {stopped}:
                task.result()
        finally:
            for task in (*running, sweeping, stopped):
                task.cancel()
            await asyncio.gather(*running, sweeping, stopped, return_exceptions=True)

    async def receive(self, event: Event) -> None:
        """Take one event in; when this returns it is safe. Raises `StoreUnavailable`."""
        event = understood(event)
        refusal = self._admission.refusal(event)
        if refusal is not None:
            self._refuse(event, refusal)
            return
        try:
            match event:
                case CommandInvoked():
                    if await self._memory.once(event.channel, event.id):
                        self._start(self._command(event))
                case IncomingMessage():
                    await self._question(event)
                case _:
                    assert_never(event)
        except StoreUnavailable:
            if not _follow_up(event):
                self._tell(event, "store_unavailable")
            raise

    def _refuse(self, event: Event, refusal: Refusal) -> None:
        silent = refusal is Refusal.BLOCKED and not event.reply_token
        if not _follow_up(event) and not silent:
            self._tell(event, refusal.value)

    async def _question(self, message: IncomingMessage) -> None:
        free = message.author.id in self._admission.admins
        user = f"{message.channel.platform}:{message.author.id}"
        seconds = None if free else await self._quota.resets_in(user)
        if seconds is not None:
            if message.address is not Address.FOLLOW_UP:
                say = speaker(message.author.locale)
                self._tell(message, "over_quota", time=duration(say, seconds))
            return
        only_known = message.address is Address.FOLLOW_UP
        if await self._mailbox.submit(message, only_known=only_known) is not Submission.NEW:
            return
        self._work(message.channel)
        if not free:
            await self._quota.spend(user)

    async def _command(self, command: CommandInvoked) -> None:
        try:
            text = await self._commands.answer(command)
        except StoreUnavailable:
            text = speaker(command.author.locale)("store_unavailable")
        await self._platforms[command.channel.platform].tell(command, text)

    def _tell(self, event: Event, key: str, **values: object) -> None:
        text = speaker(event.author.locale)(key, **values)
        self._start(self._platforms[event.channel.platform].tell(event, text))

    def _start(self, telling: Coroutine[None, None, None]) -> None:
        async def told() -> None:
            try:
                await telling
            except PlatformError as error:
                logger.info("could not be told: %s", type(error).__name__)

        task = asyncio.create_task(told())
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    def _work(self, channel: ChannelRef) -> None:
        if self._draining:
            return
        if channel.key in self._at_work:
            self._asked_again.add(channel.key)
            return
        self._at_work[channel.key] = asyncio.create_task(self._answer_all(channel), name=channel.key)

    async def _answer_all(self, channel: ChannelRef) -> None:
        try:
            await self._answer_next(channel)
        finally:
            # In the same step as the last look at `_asked_again`: nothing can be asked in between.
            del self._at_work[channel.key]

    async def _answer_next(self, channel: ChannelRef) -> None:
        platform, slots = self._platforms[channel.platform], self._slots[channel.platform]
        more = True
        while more and not self._draining:
            self._asked_again.discard(channel.key)
            try:
                claim = await self._mailbox.take(channel)
                more = claim is not None and await self._answerer.answer(claim, platform, slots)
            except LeaseLost:
                logger.warning("%s: another process took over", channel.key)
                return
            except StoreUnavailable:
                logger.warning("%s: the store does not answer", channel.key)
                await asyncio.sleep(STORE_PATIENCE)
                continue
            more = more or channel.key in self._asked_again

    async def _sweep(self) -> None:
        while True:
            try:
                for channel in await self._mailbox.orphans():
                    if channel.platform in self._platforms and channel.key not in self._at_work:
                        self._work(channel)
                if not self.store_answers:
                    logger.warning("the store is back")
                self.store_answers = True
            except StoreUnavailable:
                if self.store_answers:
                    logger.warning("the store does not answer")
                self.store_answers = False
            await asyncio.sleep(SWEEP)

    async def _drain(self) -> None:
        """Let answers end; hand over to the next start those that do not in time."""
        self._draining = True
        tasks = [*self._at_work.values(), *self._telling]
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=self._drain_seconds)
        for task in late:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*late, return_exceptions=True)


def _follow_up(event: Event) -> bool:
    """Whether the event may not be meant for the bot at all, so that it must not speak of it."""
    return isinstance(event, IncomingMessage) and event.address is Address.FOLLOW_UP
