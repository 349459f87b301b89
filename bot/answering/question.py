"""Puts a question to the model and passes on what it says, or why it says nothing."""

import asyncio
import logging
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import asdict, dataclass, replace
from functools import partial

from bot.answering.attempt import Attempt
from bot.answering.candidates import Candidates
from bot.answering.files import ReadDocument, read_files
from bot.answering.fitting import fitted_prompt
from bot.answering.model_call import Deadlines, model_call, told_of
from bot.answering.queue import Places
from bot.answering.quotes import Quotes, read_quotes
from bot.answering.statuses import line_full, waiting
from bot.answering.thoughts import Thoughts
from bot.conversation.generation import (
    Finished,
    FinishReason,
    ModelEvent,
    OfferedModel,
    Prompt,
    StartsOver,
    TakesBack,
    TextDelta,
    Thinking,
    Waiting,
    find_model,
)
from bot.conversation.layers import effective, resolved
from bot.conversation.measures import BoughtTwice, ModelFailed
from bot.conversation.requests import Work
from bot.conversation.settings import RANGES, GenerationSettings
from bot.conversation.turns import BROKE_OFF, STOPPED, Account
from bot.display.conversation import ending_note
from bot.errors import ContextTooLong, LineFull, ModelError, ModelRefused, ModelSilent, NotSent, StreamBroke
from bot.languages.faults import fault
from bot.ports import Meter, Tokenizer, sent_only_while, unmeasured

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Asks one of the `candidates`, when it is the question's turn. `meter` counts what comes of that."""

    candidates: Candidates
    tokenizer: Tokenizer
    read_document: ReadDocument
    places: Places
    defaults: GenerationSettings
    deadlines: Deadlines
    meter: Meter = unmeasured

    async def ask(self, attempt: Attempt) -> None:
        """Put the question to the model and pass on what it says."""
        task, reply, outcome, say = attempt.task, attempt.reply, attempt.outcome, attempt.say
        if task.kept is not None:
            reply.append(task.kept.answer)
            outcome.notes.extend(filter(None, (ending_note(task.kept, say),)))
            return
        if task.work in (Work.REDO, Work.AGAIN):
            reply.status(say(f"status_{task.work}"))
        message = attempt.message
        began = asyncio.get_running_loop().time()
        try:
            quoted = await _quotes(attempt)
            if task.files is None:
                asked = replace(message, attachments=(*message.attachments, *quoted.attachments))
                outcome.files = await read_files(asked, attempt.screen.platform, self.read_document, say)
            outcome.quotes = (*quoted.quotes, *outcome.quotes)
            outcome.notes.extend((*outcome.files.notes, *quoted.notes))
            if phrase := attempt.unanswerable:
                outcome.fault = phrase
                outcome.notes = outcome.notes or [say(phrase)]
            elif task.progress.ended and task.progress.text:
                self._repeat(attempt)
            else:
                await self._put(attempt)
        except LineFull as full:
            logger.warning("%s %s: the line is full", message.channel.key, message.id)
            outcome.fault = "line_full"
            outcome.notes.append(line_full(full, say))
        except ModelError as error:
            logger.warning("%s %s: %s %s", message.channel.key, message.id, type(error).__name__, error)
            outcome.broke_off(fault(error, started=reply.started), say)
        except Exception:
            if not reply.started:
                raise  # nothing is lost by another try
            logger.exception("%s %s", message.channel.key, message.id)
            outcome.broke_off("unexpected", say)
        finally:
            if outcome.account is not None:
                seconds = outcome.account.seconds + asyncio.get_running_loop().time() - began
                outcome.account = replace(
                    outcome.account,
                    seconds=seconds,
                    reasoning=outcome.account.reasoning + outcome.reasoning,
                    ignored=outcome.ignored or outcome.account.ignored,
                )

    def _repeat(self, attempt: Attempt) -> None:
        """Show what the model was done with when whoever asked it died: it is not asked again."""
        before, outcome = attempt.task.progress, attempt.outcome
        attempt.reply.append(before.text)
        outcome.account = before.account
        outcome.ended(before.ended)
        if before.ended == BROKE_OFF:
            outcome.fault = "broke_off"
        if note := ending_note(attempt.turn, attempt.say):
            outcome.notes.append(note)

    async def _put(self, attempt: Attempt) -> None:
        reply, say = attempt.reply, attempt.say
        person = attempt.message.person
        async with self.places.place(
            person, lambda before: reply.status(say("waiting_place", before=before))
        ):
            await self._put_to_one(attempt)

    async def _put_to_one(self, attempt: Attempt) -> None:
        """Ask the chosen model; where it says nothing, those that stand in for it."""
        chosen, settings = self._chosen(attempt)
        beginning = self._beginning(attempt, chosen)
        candidates = self.candidates.instead_of(chosen, begun=bool(beginning))
        if attempt.task.progress.text and not beginning:
            self.meter(BoughtTwice(model=chosen.name))
        for number, model in enumerate(candidates, 1):
            last = number == len(candidates)
            try:
                await self._answer(attempt, model, settings, patient=last)
            except ModelError as error:
                self.candidates.failed(model, error)
                hopeless = isinstance(error, ContextTooLong | ModelRefused)
                if last or hopeless or len(attempt.reply.text) > len(beginning):
                    raise
                logger.warning("%s: %s %s", model.name, type(error).__name__, error)
                attempt.reply.put_back("")
            else:
                self.candidates.answered(model)
                if model is not chosen:
                    attempt.outcome.notes.append(
                        attempt.say("stood_in", model=model.name, absent=chosen.name)
                    )
                return

    async def _answer(
        self, attempt: Attempt, model: OfferedModel, settings: GenerationSettings, *, patient: bool
    ) -> None:
        """Have one model answer. Where it breaks off, it goes on once, unseen, itself or the same elsewhere;
        one that has said nothing yet begins anew. `patient`: there is nobody else to ask."""
        try:
            request = await self._request(attempt, model, settings)
            await self._stream(model, *request, attempt, patient=patient)
        except (StreamBroke, ModelSilent) as broke:
            begun = bool(attempt.reply.text.strip())
            heir = self.candidates.heir(model) if begun else model
            if heir is None or (isinstance(broke, ModelSilent) and heir is model):
                raise
            logger.info("%s: %s goes on once: %s", attempt.message.channel.key, heir.name, broke)
            request = await self._going_on(attempt, heir, settings)
            await self._stream(heir, *request, attempt, patient=True)
        finally:
            attempt.outcome.ignored = self.candidates.generator(model).ignored(settings)

    def _chosen(self, attempt: Attempt) -> tuple[OfferedModel, GenerationSettings]:
        """Which model is asked, and with which settings."""
        task, outcome, say = attempt.task, attempt.outcome, attempt.say
        layers = task.claim.settings
        settings = effective(self.defaults, layers)
        if settings.seed is None or task.work is Work.AGAIN:
            settings = replace(settings, seed=random.randrange(int(RANGES["seed"].high) + 1))
        model = find_model(self.candidates.models, settings.model)
        if model is None:
            model = self.candidates.models[0]
            outcome.notes.append(say("model_gone", gone=settings.model, model=model.name))
        return model, settings

    def _beginning(self, attempt: Attempt, model: OfferedModel) -> str:
        """What an answer begins with already, and is not asked for again."""
        task = attempt.task
        if self.candidates.generator(model).continues and len(task.progress.text) > len(task.beginning):
            return _without_last_blank(task.progress.text)
        return task.beginning

    async def _request(
        self, attempt: Attempt, model: OfferedModel, settings: GenerationSettings
    ) -> tuple[Prompt, GenerationSettings]:
        """What is to be asked; the account of it is opened."""
        task, outcome = attempt.task, attempt.outcome
        beginning = self._beginning(attempt, model)
        prompt, sent = await fitted_prompt(attempt, model, settings, beginning, self.tokenizer)
        layers, seen = task.claim.settings, task.before[prompt.left_out_turns :]
        outcome.account = Account(
            model=model.name,
            settings=asdict(replace(settings, model=model.name)),
            origins={name: str(each.origin) for name, each in resolved(self.defaults, layers).items()},
            seen_from=seen[0].message if seen else "",
            seen_turns=len(seen),
            tokens=prompt.tokens,
            left_out_turns=task.earlier + prompt.left_out_turns,
            left_out_tokens=prompt.left_out_tokens,
            seconds=0.0,
            ending=STOPPED,
        )
        cut = attempt.say("question_cut", tokens=prompt.left_out_tokens)
        if prompt.left_out_tokens and cut not in outcome.notes:
            outcome.notes.append(cut)
        if beginning:
            attempt.reply.append(beginning)
        return prompt, sent

    async def _going_on(
        self, attempt: Attempt, model: OfferedModel, settings: GenerationSettings
    ) -> tuple[Prompt, GenerationSettings]:
        """The same behind the text that has come."""
        beginning = _without_last_blank(attempt.reply.text)
        attempt.reply.put_back(beginning)
        return await fitted_prompt(attempt, model, settings, beginning, self.tokenizer)

    async def _stream(
        self,
        model: OfferedModel,
        prompt: Prompt,
        settings: GenerationSettings,
        attempt: Attempt,
        *,
        patient: bool,
    ) -> None:
        reply, outcome, say = attempt.reply, attempt.outcome, attempt.say
        reason: FinishReason | None = None
        while reason is None:
            await attempt.lease.wait()  # in line, another process may have come to it
            called = model_call(
                self.candidates.generator(model),
                prompt,
                settings,
                deadlines=self.deadlines,
                patient=patient,
                failed=partial(self._count, model),
            )
            may_be_sent = sent_only_while(lambda: attempt.lease.holds, NotSent)
            with suppress(NotSent), told_of(model, self.meter), may_be_sent:
                reason = await self._read(called, attempt)
        outcome.ended(reason)
        if reason is FinishReason.LENGTH and not reply.text.strip():
            outcome.fault = "only_thought"
            outcome.notes.append(say(outcome.fault))
        elif reason is FinishReason.LENGTH:
            limit = outcome.account.settings["max_new_tokens"] if outcome.account is not None else ""
            outcome.notes.append(say("length", tokens=limit))
        elif reason is FinishReason.FILTERED:
            outcome.notes.append(say("filtered"))
        elif not reply.text.strip():
            outcome.fault = "empty"
            outcome.notes.append(say(outcome.fault))

    def _count(self, model: OfferedModel, error: ModelError) -> None:
        self.meter(ModelFailed(model=model.name, server=model.host, kind=error.kind))

    async def _read(self, called: AsyncGenerator[ModelEvent, None], attempt: Attempt) -> FinishReason:
        """Pass on what the model says to its end, and why it ends."""
        reply, say, reason = attempt.reply, attempt.say, FinishReason.END
        thinking = Thoughts(reply, say)
        async with aclosing(called) as events:
            async for event in events:
                match event:
                    case TextDelta(text=text):
                        reply.append(text)
                    case Thinking(characters=characters):
                        attempt.outcome.reasoning += characters
                        thinking.show(characters)
                    case StartsOver():
                        reply.start_over()
                    case TakesBack():
                        reply.take_back(attempt.task.beginning)
                    case Waiting():
                        reply.status(waiting(event, say))
                    case Finished():
                        reason = event.reason
        return reason


async def _quotes(attempt: Attempt) -> Quotes:
    """What stands around a new question: one that is put again has it already."""
    task = attempt.task
    if task.work is not Work.ANSWER:
        return Quotes()
    return await read_quotes(
        attempt.message, task.before, attempt.screen.platform, attempt.say, since=task.since
    )


def _without_last_blank(text: str) -> str:
    """The next word brings its own."""
    return text.rstrip(" ")
