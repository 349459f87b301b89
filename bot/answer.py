"""One turn, from claim to commit: the whole story, readable from top to bottom."""

import asyncio
import logging
import traceback
from contextlib import aclosing, suppress
from dataclasses import dataclass

from bot.admission import Places
from bot.conversation import Claim, Progress, Turn
from bot.draft import Boundary
from bot.errors import LeaseLost, ModelError, PlatformError, StoreUnavailable
from bot.generation import Finished, FinishReason, GenerationSettings, Prompt, TextDelta, Waiting
from bot.languages import Say, speaker
from bot.languages.faults import fault
from bot.languages.times import duration
from bot.messages import ChannelRef
from bot.model_call import Deadlines, model_call
from bot.pacing import Call, Urgency
from bot.ports import ChatPlatform, Mailbox, TextGenerator, Tokenizer
from bot.prompt import build_prompt
from bot.question import read_question
from bot.reply import Reply
from bot.settings import effective
from bot.slots import Slots

logger = logging.getLogger(__name__)

THINKING_SHOWS = 1.0
"""Seconds without a word after which the platform's sign of thinking is shown: before, nobody needs one."""

THINKING_FADES = 8.0
"""Seconds after which a platform's sign of thinking is shown again; Discord's lasts ten."""

HAND_OVER = 3.0
"""Seconds to leave word for whoever goes on, when this process has to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """Everything that an answer needs. `beat` is the seconds between two renewals of the lease."""

    mailbox: Mailbox
    generator: TextGenerator
    tokenizer: Tokenizer
    boundary: Boundary
    places: Places
    defaults: GenerationSettings
    context_tokens: int
    deadlines: Deadlines
    beat: float

    async def answer(self, claim: Claim, platform: ChatPlatform, slots: Slots) -> bool:
        """Answer the claimed question; whether more questions wait in its conversation.

        Cancelled, it gives the question back with what has been shown, for the next process to go on.
        Raises `LeaseLost` and `StoreUnavailable`.
        """
        say = speaker(claim.message.author.locale)
        reply = Reply(
            claim.message,
            screen=platform,
            slots=slots,
            boundary=self.boundary,
            posted=lambda progress: self._keep(claim, progress),
            progress=claim.progress,
            leftover=say("continued"),
        )
        began = asyncio.get_running_loop().time()
        try:
            question = await self._show(claim, platform, slots, reply, say)
        except asyncio.CancelledError:
            await self._hand_over(claim, reply, say)
            raise
        text = reply.text
        logger.info(
            "answered %s %s in %.1f s: %d characters",
            claim.message.channel.key,
            claim.message.id,
            asyncio.get_running_loop().time() - began,
            len(text),
        )
        return await self.mailbox.commit(claim, _turn(claim, question, reply) if text.strip() else None)

    async def _show(self, claim: Claim, platform: ChatPlatform, slots: Slots, reply: Reply, say: Say) -> str:
        """Stream the answer onto the screen until its last text stands there; the question as it was read."""
        question = ""
        lost: LeaseLost | None = None
        try:
            async with asyncio.TaskGroup() as tasks:
                beating = tasks.create_task(self._beat(claim, reply))
                thinking = tasks.create_task(_think(platform, slots, claim.message.channel, reply))
                writing = tasks.create_task(reply.write())
                question, notes = await self._listen(claim, platform, reply, say)
                thinking.cancel()
                reply.finish("\n".join(notes))
                await writing
                beating.cancel()
        except* PlatformError as gone:
            # The channel is gone or stays out of reach: the group has stopped the model.
            logger.warning("%s ended: %s", claim.message.channel.key, _reasons(gone))
        except* LeaseLost as group:
            lost = LeaseLost(_reasons(group))
        if lost is not None:
            raise lost
        return question

    async def _listen(
        self, claim: Claim, platform: ChatPlatform, reply: Reply, say: Say
    ) -> tuple[str, list[str]]:
        """Put the question to the model and pass on what it says; the question, and notes to the answer."""
        message = claim.message
        question = await read_question(message, platform, say)
        notes = list(question.notes)
        settings = effective(self.defaults, claim.settings)
        try:
            prompt = build_prompt(
                claim.turns,
                question.text,
                message.author.name,
                settings,
                tokenizer=self.tokenizer,
                context_tokens=self.context_tokens,
                name_speakers=_several_people(claim),
            )
            if prompt.left_out_tokens:
                notes.append(say("question_cut", tokens=prompt.left_out_tokens))
            async with self.places.place(lambda before: reply.status(say("waiting_place", before=before))):
                notes.extend(await self._stream(prompt, settings, reply, say))
        except ModelError as error:
            logger.warning("%s %s: %s %s", message.channel.key, message.id, type(error).__name__, error)
            notes.append(fault(say, error, started=reply.started))
        except Exception as error:
            # Without its message, which may hold what somebody wrote.
            trace = "".join(traceback.format_tb(error.__traceback__))
            logger.error("%s %s: %s\n%s", message.channel.key, message.id, type(error).__name__, trace)  # noqa: TRY400
            notes.append(say("unexpected"))
        return question.text, notes

    async def _stream(
        self, prompt: Prompt, settings: GenerationSettings, reply: Reply, say: Say
    ) -> list[str]:
        call = model_call(self.generator, prompt, settings, deadlines=self.deadlines)
        reason = FinishReason.END
        async with aclosing(call) as events:
            async for event in events:
                match event:
                    case TextDelta(text=text):
                        reply.append(text)
                    case Waiting():
                        reply.status(_waiting(event, say))
                    case Finished():
                        reason = event.reason
        if reason is FinishReason.LENGTH:
            return [say("length", tokens=settings.max_new_tokens)]
        if reason is FinishReason.FILTERED:
            return [say("filtered")]
        return [] if reply.text.strip() else [say("empty")]

    async def _beat(self, claim: Claim, reply: Reply) -> None:
        while True:
            await asyncio.sleep(self.beat)
            await self._keep(claim, reply.progress)

    async def _keep(self, claim: Claim, progress: Progress) -> None:
        try:
            await self.mailbox.beat(claim, progress)
        except StoreUnavailable:
            # The answer goes on: the store may be back before the lease has run out.
            logger.warning("%s: progress could not be kept", claim.message.channel.key)

    async def _hand_over(self, claim: Claim, reply: Reply, say: Say) -> None:
        with suppress(PlatformError, LeaseLost, StoreUnavailable, TimeoutError):
            async with asyncio.timeout(HAND_OVER):
                with suppress(PlatformError):
                    await reply.hand_over(say("restarting"))
                await self.mailbox.release(claim, reply.progress)


async def _think(platform: ChatPlatform, slots: Slots, channel: ChannelRef, reply: Reply) -> None:
    await asyncio.sleep(THINKING_SHOWS)
    with suppress(PlatformError):
        while not reply.started:
            await slots.turn(Call(bucket="sign", channel=channel, urgency=Urgency.SIGN, since=0.0))
            await platform.thinking(channel)
            await asyncio.sleep(THINKING_FADES)


def _turn(claim: Claim, question: str, reply: Reply) -> Turn:
    message = claim.message
    return Turn(
        message=message.id,
        author_id=message.author.id,
        author=message.author.name,
        question=question,
        answer=reply.text,
        replies=reply.progress.replies,
        asked_at=message.sent_at,
    )


def _waiting(event: Waiting, say: Say) -> str:
    if event.reason == "busy":
        return say("busy")
    if event.seconds is None:
        return say("waking")
    return say("waking_seconds", time=duration(say, event.seconds))


def _several_people(claim: Claim) -> bool:
    """Whether the model must be told who speaks: in a private session only where more than one does."""
    author = claim.message.author.id
    return not claim.message.channel.private or any(turn.author_id != author for turn in claim.turns)


def _reasons(group: BaseExceptionGroup[BaseException]) -> str:
    return ", ".join(f"{type(error).__name__} ({error})" for error in group.exceptions)
