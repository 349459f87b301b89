"""Carries out what readers do with an answer: stop it, have another, go on, leaf back, copy it, rate it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.commands.words import Handler, Response, said
from bot.conversation.events import Address, Invoked, Said, Standing
from bot.conversation.generation import FinishReason
from bot.conversation.requests import Request, Work
from bot.conversation.turns import Rating, Turn, found
from bot.conversation.views import Action, Button, File, Notice
from bot.languages import Say
from bot.ports import Archive, Interrupts

MOST_VERSIONS = 10
"""Versions of an answer that are kept: each is as long as the answer."""

COMMITTED = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between looks whether work on an answer has ended: its last text stands there a moment before it
is kept, and people press what they see."""

WHY_LENGTH = 500
"""Characters that are kept of why somebody likes an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """`now`: the time in seconds since 1970."""

    archive: Archive
    interrupts: Interrupts
    now: Callable[[], float]

    def handlers(self) -> Mapping[str, Handler]:
        """What is carried out here, by word."""
        return {
            Action.STOP: self._stop,
            Action.REGENERATE: self._regenerate,
            Action.VERSION: self._show,
            Action.CONTINUE: self._go_on,
            Action.COPY: self._copy,
            Action.GOOD: self._rate,
            Action.BAD: self._rate,
        }

    async def _stop(self, command: Invoked, say: Say) -> Response:
        running = await self.interrupts.current(command.channel)
        if running is None or command.target not in ("", running.request.message.id, *running.replies):
            return said(say("nothing_to_stop"))
        asked = running.request.message
        if not _may(command, asked.person):
            return said(say("not_yours"))
        await self.interrupts.stop(command.channel, asked.id)
        return said(say("stopping"))

    async def _regenerate(self, command: Invoked, say: Say) -> Response:
        turn = await self._turn(command)
        if turn is None:
            return await self._absent(command, say)
        if not _may(command, turn.person):
            return said(say("not_yours"))
        if len(turn.versions) >= MOST_VERSIONS:
            return said(say("too_many_versions", count=MOST_VERSIONS))
        # The same for two who press at once: that is one more version.
        once = f"{Work.AGAIN}:{turn.message}:{len(turn.versions)}"
        return self._requested(command, turn, Work.AGAIN, once, say)

    async def _show(self, command: Invoked, say: Say) -> Response:
        turn = await self._turn(command)
        if turn is None or not command.argument.isdecimal():
            return await self._absent(command, say)
        if not _may(command, turn.person):
            return said(say("not_yours"))
        version = int(command.argument) - 1
        if not 0 <= version < len(turn.versions):
            return said(say("answer_gone"))
        once = f"{Work.SHOW}:{turn.message}:{command.id}"
        return self._requested(command, turn, Work.SHOW, once, say, version=version)

    async def _go_on(self, command: Invoked, say: Say) -> Response:
        turn = await self._turn(command)
        if turn is None:
            return await self._absent(command, say)
        if not _may(command, turn.person):
            return said(say("not_yours"))
        if turn.version.account is None or turn.version.account.ending == FinishReason.END:
            return said(say("answer_whole"))
        once = f"{Work.GO_ON}:{turn.message}:{turn.shown}:{len(turn.answer)}"
        return self._requested(command, turn, Work.GO_ON, once, say)

    async def _copy(self, command: Invoked, say: Say) -> Response:
        turn = await self._turn(command)
        if turn is None:
            return await self._absent(command, say)
        if not turn.answer:
            return said(say("why_nothing"))
        file = File(name="answer.md", content=turn.answer.encode(errors="replace"))
        return Response(notice=Notice(text=say("copied"), file=file))

    async def _rate(self, command: Invoked, say: Say) -> Response:
        good, why = command.name == Action.GOOD, command.argument[:WHY_LENGTH]
        while True:
            turn = await self._turn(command)
            if turn is None:
                return await self._absent(command, say)
            if not turn.answer:
                return said(say("why_nothing"))
            earlier = turn.version.ratings.get(command.person)
            kept = why or (earlier.why if earlier is not None and earlier.good == good else "")
            ratings = {**turn.version.ratings, command.person: Rating(good=good, why=kept)}
            rated = turn.with_version(replace(turn.version, ratings=ratings))
            if await self.archive.amend(command.channel, turn, rated):
                break  # nobody else changed it in between
        if why:
            return said(say("rated_why"))
        reason = Button(
            action=Action.REASON, target=turn.message, label=say("button_reason"), argument=command.name
        )
        return Response(notice=Notice(text=say("rated", word=command.name), buttons=(reason,)))

    async def _turn(self, command: Invoked) -> Turn | None:
        """The turn that it is about, once what was shown of it last is kept."""
        for pause in COMMITTED:
            if not await self._is_running(command):
                break
            await asyncio.sleep(pause)
        return found(await self.archive.turns(command.channel), command.target)

    async def _absent(self, command: Invoked, say: Say) -> Response:
        return said(say("why_running" if await self._is_running(command) else "answer_gone"))

    async def _is_running(self, command: Invoked) -> bool:
        running = await self.interrupts.current(command.channel)
        return running is not None and command.target in (running.request.message.id, *running.replies)

    def _requested(
        self, command: Invoked, turn: Turn, work: Work, once: str, say: Say, *, version: int = 0
    ) -> Response:
        message = Said(
            channel=command.channel,
            id=turn.message,
            author=command.author,
            text=turn.question,
            sent_at=turn.asked_at,
            address=Address.COMMAND,
        )
        request = Request(id=once, at=self.now(), work=work, message=message, version=version)
        notice = Notice(text=say(f"requested_{work}")) if command.reply_token else None
        return Response(request=request, already=say("already_asked"), notice=notice)


def _may(command: Invoked, asker: str) -> bool:
    """Whether this person may decide over an answer that `asker` asked for."""
    return command.person == asker or command.channel.private or command.author.standing >= Standing.CHANNEL
