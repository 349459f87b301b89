"""Makes a prompt that fits the model's window."""

from dataclasses import replace
from functools import partial

from bot.answering.attempt import Attempt
from bot.answering.beside import beside_the_loop
from bot.answering.files import cut_files
from bot.answering.prompt import build_prompt
from bot.conversation.content import TextFile, question_text
from bot.conversation.generation import OfferedModel, Prompt
from bot.conversation.settings import GenerationSettings
from bot.ports import Tokenizer

FITTINGS = 4
"""How often files are shortened until they fit: what a character costs is estimated by the whole."""

MARGIN = 1.2
"""What is taken out beyond that estimate: the end of a text may cost more than its middle."""


async def fitted_prompt(
    attempt: Attempt,
    model: OfferedModel,
    settings: GenerationSettings,
    beginning: str,
    tokenizer: Tokenizer,
) -> tuple[Prompt, GenerationSettings]:
    """What the model reads, and its settings for what is left to say behind the `beginning`. Files that
    are too long for its window lose their middle, not their end."""
    files = attempt.outcome.files.files
    fit = partial(_fit, attempt, model, settings, beginning, tokenizer)
    prompt, sent, fitting = await beside_the_loop(_length(attempt), fit)
    if fitting != files:
        attempt.outcome.cut_files(fitting, attempt.say)
    return prompt, sent


def _length(attempt: Attempt) -> int:
    """The characters of all that is counted."""
    task, outcome = attempt.task, attempt.outcome
    length = len(task.question) + len(task.progress.text) + sum(len(each.text) for each in outcome.quotes)
    length += sum(len(file.text) for file in outcome.files.files)
    for turn in task.before:
        length += len(turn.question) + len(turn.answer) + sum(len(file.text) for file in turn.files)
    return length


def _fit(
    attempt: Attempt,
    model: OfferedModel,
    settings: GenerationSettings,
    beginning: str,
    tokenizer: Tokenizer,
) -> tuple[Prompt, GenerationSettings, tuple[TextFile, ...]]:
    """Pure: it may be done in a thread."""
    task, files = attempt.task, attempt.outcome.files.files
    said = tokenizer.count(more) if (more := beginning[len(task.beginning) :]) else 0
    sent = replace(settings, max_new_tokens=max(1, settings.max_new_tokens - said))
    for _ in range(FITTINGS):
        text = question_text(task.question, attempt.outcome.quotes, files)
        prompt = build_prompt(
            task.before,
            text,
            task.claim.message.author.name if task.turn is None else task.turn.author,
            sent,
            tokenizer=tokenizer,
            context_tokens=model.context_tokens,
            name_speakers=not task.claim.message.channel.private or len(task.people) > 1,
            beginning=beginning,
        )
        if not prompt.left_out_tokens:
            break
        share = prompt.left_out_tokens / (prompt.left_out_tokens + prompt.tokens)
        shorter = cut_files(files, int(len(text) * share * MARGIN) + 1)
        if shorter == files:
            break
        files = shorter
    return prompt, sent, files
