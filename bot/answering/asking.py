"""Puts a question to the model and passes on what it says, or why it says nothing."""

import asyncio
import logging
import random
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, field, replace

from bot.answering.assignment import Assignment
from bot.answering.files import Files, read_files
from bot.answering.interruptible import Interruptible
from bot.answering.model_call import Deadlines, model_call
from bot.answering.prompt import build_prompt
from bot.answering.queue import Places
from bot.conversation.content import question_text
from bot.conversation.events import Said
from bot.conversation.generation import (
    Finished,
    FinishReason,
    OfferedModel,
    Prompt,
    TextDelta,
    Waiting,
    named,
)
from bot.conversation.requests import Work
from bot.conversation.settings import RANGES, GenerationSettings, effective, resolved
from bot.conversation.turns import BROKE_OFF, STOPPED, Account
from bot.display.paced import Paced
from bot.display.reply import Reply
from bot.errors import ModelError
from bot.languages import Say
from bot.languages.faults import fault
from bot.languages.times import duration
from bot.ports import Model, Tokenizer

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What comes of a question while it is answered: the one thing here that changes."""

    files: Files
    notes: list[str] = field(default_factory=list)
    account: Account | None = None
    fault: str = ""

    def ended(self, ending: str) -> None:
        """The answer is over, for this reason."""
        if self.account is not None:
            self.account = replace(self.account, ending=ending)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try at an assignment: what it is shown with, and what comes of it. `interruptible`: whether it
    shall end early."""

    task: Assignment
    screen: Paced
    reply: Reply
    interruptible: Interruptible
    say: Say
    outcome: Outcome

    @property
    def message(self) -> Said:
        """The question."""
        return self.task.claim.message


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """`models`: those that there are, the first one by default; `generators` by their names."""

    models: Sequence[OfferedModel]
    generators: Mapping[str, Model]
    tokenizer: Tokenizer
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
        if task.files is None:
            outcome.files = await read_files(attempt.message, attempt.screen.platform, say)
        outcome.notes.extend(outcome.files.notes)
        message = attempt.message
        began = asyncio.get_running_loop().time()
        try:
            await self._put(attempt)
        except ModelError as error:
            logger.warning("%s %s: %s %s", message.channel.key, message.id, type(error).__name__, error)
            outcome.ended(BROKE_OFF)
            outcome.fault = fault(error, started=reply.started)
            outcome.notes.append(say(outcome.fault))
        except Exception:
            logger.exception("%s %s", message.channel.key, message.id)
            outcome.ended(BROKE_OFF)
            outcome.fault = "unexpected"
            outcome.notes.append(say(outcome.fault))
        finally:
            if outcome.account is not None:
                seconds = asyncio.get_running_loop().time() - began
                outcome.account = replace(outcome.account, seconds=seconds)

    async def _put(self, attempt: Attempt) -> None:
        task, reply, outcome, say = attempt.task, attempt.reply, attempt.outcome, attempt.say
        layers = task.claim.settings
        settings = effective(self.defaults, layers)
        if settings.seed is None or task.work is Work.AGAIN:
            settings = replace(settings, seed=random.randrange(int(RANGES["seed"].high) + 1))
        model = named(self.models, settings.model)
        if model is None:
            model = self.models[0]
            outcome.notes.append(say("model_gone", gone=settings.model, model=model.name))
        prompt = build_prompt(
            task.before,
            question_text(task.question, task.quotes, outcome.files.files),
            task.claim.message.author.name if task.turn is None else task.turn.author,
            settings,
            tokenizer=self.tokenizer,
            context_tokens=model.context_tokens,
            name_speakers=not task.claim.message.channel.private or len(task.people) > 1,
            beginning=task.beginning,
        )
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
        if task.beginning:
            reply.append(task.beginning)
        async with self.places.place(lambda before: reply.status(say("waiting_place", before=before))):
            await self._stream(self.generators[model.name], prompt, settings, attempt)

    async def _stream(
        self, generator: Model, prompt: Prompt, settings: GenerationSettings, attempt: Attempt
    ) -> None:
        reply, outcome, say = attempt.reply, attempt.outcome, attempt.say
        reason = FinishReason.END
        async with aclosing(model_call(generator, prompt, settings, deadlines=self.deadlines)) as events:
            async for event in events:
                match event:
                    case TextDelta(text=text):
                        reply.append(text)
                    case Waiting():
                        reply.status(_waiting(event, say))
                    case Finished():
                        reason = event.reason
        outcome.ended(reason)
        if reason is FinishReason.LENGTH:
            outcome.notes.append(say("length", tokens=settings.max_new_tokens))
        elif reason is FinishReason.FILTERED:
            outcome.notes.append(say("filtered"))
        elif not reply.text.strip():
            outcome.fault = "empty"
            outcome.notes.append(say(outcome.fault))


def _waiting(event: Waiting, say: Say) -> str:
    if event.reason == "busy":
        return say("busy")
    if event.seconds is None:
        return say("waking")
    return say("waking_seconds", time=duration(say, event.seconds))
