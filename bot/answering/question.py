"""Puts a question to the model and passes on what it says, or why it says nothing."""

import asyncio
import logging
import random
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace

from bot.answering.attempt import Attempt
from bot.answering.files import ReadDocument, cut_files, read_files
from bot.answering.model_call import Deadlines, model_call
from bot.answering.prompt import build_prompt
from bot.answering.queue import Places
from bot.answering.quotes import Quotes, read_quotes
from bot.answering.thoughts import Thoughts
from bot.conversation.content import question_text
from bot.conversation.generation import (
    Finished,
    FinishReason,
    OfferedModel,
    Prompt,
    StartsOver,
    TextDelta,
    Thinking,
    Waiting,
    find_model,
)
from bot.conversation.layers import effective, resolved
from bot.conversation.requests import Work
from bot.conversation.settings import RANGES, GenerationSettings
from bot.conversation.turns import BROKE_OFF, STOPPED, Account
from bot.display.conversation import ending_note
from bot.errors import LineFull, ModelError, StreamBroke
from bot.languages import Say
from bot.languages.faults import fault
from bot.languages.times import duration
from bot.ports import Model, Tokenizer

logger = logging.getLogger(__name__)

FITTINGS = 4
"""How often files are shortened until they fit: what a character costs is estimated by the whole."""

MARGIN = 1.2
"""What is taken out beyond that estimate: the end of a text may cost more than its middle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """`models`: those that there are, the first one by default; `generators` by their names."""

    models: Sequence[OfferedModel]
    generators: Mapping[str, Model]
    tokenizer: Tokenizer
    read_document: ReadDocument
    places: Places
    defaults: GenerationSettings
    deadlines: Deadlines

    async def ask(self, attempt: Attempt) -> None:
        """Put the question to the model and pass on what it says."""
        task, reply, outcome, say = attempt.task, attempt.reply, attempt.outcome, attempt.say
        if task.turn is not None and task.work is Work.SHOW:
            reply.append(task.turn.versions[task.claim.request.version].text)
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
            outcome.notes.append(_line_full(full, say))
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
            outcome = attempt.outcome
            model, settings = self._chosen(attempt)
            generator = self.generators[model.name]
            try:
                await self._stream(generator, *self._request(attempt, model, settings), attempt)
            except StreamBroke as broke:
                if reply.text.strip() and not generator.continues:
                    raise
                logger.info("%s goes on once: %s", attempt.message.channel.key, broke)
                await self._stream(generator, *self._going_on(attempt, model, settings), attempt)
            finally:
                outcome.ignored = generator.ignored(settings)

    def _chosen(self, attempt: Attempt) -> tuple[OfferedModel, GenerationSettings]:
        """Which model is asked, and with which settings."""
        task, outcome, say = attempt.task, attempt.outcome, attempt.say
        layers = task.claim.settings
        settings = effective(self.defaults, layers)
        if settings.seed is None or task.work is Work.AGAIN:
            settings = replace(settings, seed=random.randrange(int(RANGES["seed"].high) + 1))
        model = find_model(self.models, settings.model)
        if model is None:
            model = self.models[0]
            outcome.notes.append(say("model_gone", gone=settings.model, model=model.name))
        return model, settings

    def _request(
        self, attempt: Attempt, model: OfferedModel, settings: GenerationSettings
    ) -> tuple[Prompt, GenerationSettings]:
        """What is to be asked; the account of it is opened."""
        task, outcome = attempt.task, attempt.outcome
        beginning = task.beginning
        if self.generators[model.name].continues and len(task.progress.text) > len(beginning):
            beginning = _without_last_blank(task.progress.text)
        prompt, sent = self._prompt(attempt, model, settings, beginning)
        layers = task.claim.settings
        outcome.account = Account(
            model=model.name,
            settings=asdict(replace(settings, model=model.name)),
            origins={name: str(each.origin) for name, each in resolved(self.defaults, layers).items()},
            seen=tuple(turn.message for turn in task.before[prompt.left_out_turns :]),
            tokens=prompt.tokens,
            left_out_turns=prompt.left_out_turns,
            left_out_tokens=prompt.left_out_tokens,
            seconds=0.0,
            ending=STOPPED,
        )
        if prompt.left_out_tokens:
            outcome.notes.append(attempt.say("question_cut", tokens=prompt.left_out_tokens))
        if beginning:
            attempt.reply.append(beginning)
        return prompt, sent

    def _going_on(
        self, attempt: Attempt, model: OfferedModel, settings: GenerationSettings
    ) -> tuple[Prompt, GenerationSettings]:
        """The same behind the text that has come."""
        beginning = _without_last_blank(attempt.reply.text)
        attempt.reply.put_back(beginning)
        return self._prompt(attempt, model, settings, beginning)

    def _prompt(
        self, attempt: Attempt, model: OfferedModel, settings: GenerationSettings, beginning: str
    ) -> tuple[Prompt, GenerationSettings]:
        """What the model reads, and its settings for what is left to say behind the `beginning`. Files that
        are too long for its window lose their middle, not their end."""
        task, outcome = attempt.task, attempt.outcome
        said = self.tokenizer.count(more) if (more := beginning[len(task.beginning) :]) else 0
        sent = replace(settings, max_new_tokens=max(1, settings.max_new_tokens - said))
        for _ in range(FITTINGS):
            text = question_text(task.question, outcome.quotes, outcome.files.files)
            prompt = build_prompt(
                task.before,
                text,
                task.claim.message.author.name if task.turn is None else task.turn.author,
                sent,
                tokenizer=self.tokenizer,
                context_tokens=model.context_tokens,
                name_speakers=not task.claim.message.channel.private or len(task.people) > 1,
                beginning=beginning,
            )
            if not prompt.left_out_tokens:
                break
            share = prompt.left_out_tokens / (prompt.left_out_tokens + prompt.tokens)
            files = cut_files(outcome.files.files, int(len(text) * share * MARGIN) + 1)
            if files == outcome.files.files:
                break
            outcome.cut_files(files, attempt.say)
        return prompt, sent

    async def _stream(
        self, generator: Model, prompt: Prompt, settings: GenerationSettings, attempt: Attempt
    ) -> None:
        reply, outcome, say = attempt.reply, attempt.outcome, attempt.say
        reason = FinishReason.END
        thinking = Thoughts(reply, say)
        async with aclosing(model_call(generator, prompt, settings, deadlines=self.deadlines)) as events:
            async for event in events:
                match event:
                    case TextDelta(text=text):
                        reply.append(text)
                    case Thinking(characters=characters):
                        outcome.reasoning += characters
                        thinking.show(characters)
                    case StartsOver():
                        reply.start_over()
                    case Waiting():
                        reply.status(_waiting(event, say))
                    case Finished():
                        reason = event.reason
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


def _line_full(full: LineFull, say: Say) -> str:
    if full.seconds is None:
        return say("line_full")
    return say("line_full_for", waiting=full.waiting, time=duration(say, full.seconds))


async def _quotes(attempt: Attempt) -> Quotes:
    """What stands around a new question: one that is put again has it already."""
    task = attempt.task
    if task.work is not Work.ANSWER:
        return Quotes()
    return await read_quotes(
        attempt.message, task.before, attempt.screen.platform, attempt.say, since=task.claim.reset_at
    )


def _without_last_blank(text: str) -> str:
    """The next word brings its own."""
    return text.rstrip(" ")


def _waiting(event: Waiting, say: Say) -> str:
    if event.reason == "busy":
        return say("busy")
    if event.seconds is None:
        return say("waking")
    return say("waking_seconds", time=duration(say, event.seconds))
