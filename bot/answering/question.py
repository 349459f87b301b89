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
from bot.conversation.content import question_text
from bot.conversation.generation import (
    Finished,
    FinishReason,
    OfferedModel,
    Prompt,
    TextDelta,
    Thought,
    Waiting,
    find_model,
)
from bot.conversation.layers import effective, resolved
from bot.conversation.requests import Work
from bot.conversation.settings import RANGES, GenerationSettings
from bot.conversation.turns import BROKE_OFF, STOPPED, Account
from bot.display.conversation import ending_note
from bot.errors import ModelError
from bot.languages import Say
from bot.languages.faults import fault
from bot.languages.times import duration
from bot.ports import Model, Tokenizer

logger = logging.getLogger(__name__)

FITTINGS = 4
"""How often files are shortened until they fit: what a character costs is estimated by the whole."""

MARGIN = 1.2
"""What is taken out beyond that estimate: the end of a text may cost more than its middle."""

THOUGHT_SHOWS = 5
"""Seconds between two signs of how long a model has been thinking aloud."""


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
        reading = asyncio.create_task(_quotes(attempt))
        try:
            if task.files is None:
                outcome.files = await read_files(message, attempt.screen.platform, self.read_document, say)
            quoted = await reading
            outcome.quotes = (*quoted.quotes, *outcome.quotes)
            outcome.notes.extend((*outcome.files.notes, *quoted.notes))
            if phrase := attempt.unanswerable:
                outcome.fault = phrase
                outcome.notes = outcome.notes or [say(phrase)]
            elif task.progress.ended and task.progress.text:
                self._repeat(attempt)
            else:
                await self._put(attempt)
        except ModelError as error:
            logger.warning("%s %s: %s %s", message.channel.key, message.id, type(error).__name__, error)
            outcome.broke_off(fault(error, started=reply.started), say)
        except Exception:
            if not reply.started:
                raise  # nothing is lost by another try
            logger.exception("%s %s", message.channel.key, message.id)
            outcome.broke_off("unexpected", say)
        finally:
            reading.cancel()
            if outcome.account is not None:
                seconds = outcome.account.seconds + asyncio.get_running_loop().time() - began
                outcome.account = replace(outcome.account, seconds=seconds)

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
        async with self.places.place(lambda before: reply.status(say("waiting_place", before=before))):
            await self._stream(*self._request(attempt), attempt)

    def _request(self, attempt: Attempt) -> tuple[Model, Prompt, GenerationSettings]:
        """What is to be asked, of which model; the account of it is opened."""
        task, reply, outcome, say = attempt.task, attempt.reply, attempt.outcome, attempt.say
        layers = task.claim.settings
        settings = effective(self.defaults, layers)
        if settings.seed is None or task.work is Work.AGAIN:
            settings = replace(settings, seed=random.randrange(int(RANGES["seed"].high) + 1))
        model = find_model(self.models, settings.model)
        if model is None:
            model = self.models[0]
            outcome.notes.append(say("model_gone", gone=settings.model, model=model.name))
        generator = self.generators[model.name]
        beginning, sent = task.beginning, settings
        if generator.continues and len(task.progress.text) > len(beginning):
            # The next word brings its own blank.
            beginning = task.progress.text.rstrip(" ")
            said = self.tokenizer.count(beginning[len(task.beginning) :])
            sent = replace(settings, max_new_tokens=max(1, settings.max_new_tokens - said))
        prompt = self._prompt(attempt, sent, beginning, model.context_tokens)
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
            outcome.notes.append(say("question_cut", tokens=prompt.left_out_tokens))
        if beginning:
            reply.append(beginning)
        return generator, prompt, sent

    def _prompt(
        self, attempt: Attempt, settings: GenerationSettings, beginning: str, context_tokens: int
    ) -> Prompt:
        """What the model reads. Files that are too long for its window lose their middle, not their end."""
        task, outcome = attempt.task, attempt.outcome
        for _ in range(FITTINGS):
            text = question_text(task.question, outcome.quotes, outcome.files.files)
            prompt = build_prompt(
                task.before,
                text,
                task.claim.message.author.name if task.turn is None else task.turn.author,
                settings,
                tokenizer=self.tokenizer,
                context_tokens=context_tokens,
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
        return prompt

    async def _stream(
        self, generator: Model, prompt: Prompt, settings: GenerationSettings, attempt: Attempt
    ) -> None:
        reply, outcome, say = attempt.reply, attempt.outcome, attempt.say
        reason, said, began = FinishReason.END, False, asyncio.get_running_loop().time()
        async with aclosing(model_call(generator, prompt, settings, deadlines=self.deadlines)) as events:
            async for event in events:
                match event:
                    case TextDelta(text=text):
                        if not said and not generator.continues:
                            text = joined(reply.text, text)
                        said = True
                        reply.append(text)
                    case Thought():
                        seconds = (asyncio.get_running_loop().time() - began) // THOUGHT_SHOWS * THOUGHT_SHOWS
                        if seconds and not reply.started:
                            reply.status(say("thinking", time=duration(say, seconds)))
                    case Waiting():
                        reply.status(_waiting(event, say))
                    case Finished():
                        reason = event.reason
        outcome.ended(reason)
        if reason is FinishReason.LENGTH:
            limit = outcome.account.settings["max_new_tokens"] if outcome.account is not None else ""
            outcome.notes.append(say("length", tokens=limit))
        elif reason is FinishReason.FILTERED:
            outcome.notes.append(say("filtered"))
        elif not reply.text.strip():
            outcome.fault = "empty"
            outcome.notes.append(say(outcome.fault))


async def _quotes(attempt: Attempt) -> Quotes:
    """What stands around a new question: one that is put again has it already."""
    task = attempt.task
    if task.work is not Work.ANSWER:
        return Quotes()
    return await read_quotes(
        attempt.message, task.before, attempt.screen.platform, attempt.say, since=task.claim.reset_at
    )


def joined(before: str, after: str) -> str:
    """`after` as it goes on behind `before`, where a model was asked for it in a new message: two words that
    meet there are two."""
    meet = before[-1:].isalnum() and after[:1].isalnum()
    return f" {after}" if meet else after


def _waiting(event: Waiting, say: Say) -> str:
    if event.reason == "busy":
        return say("busy")
    if event.seconds is None:
        return say("waking")
    return say("waking_seconds", time=duration(say, event.seconds))
