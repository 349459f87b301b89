"""Makes a prompt that fits the model's window. Pure."""

from dataclasses import replace

from bot.answering.attempt import Attempt
from bot.answering.files import cut_files
from bot.answering.prompt import build_prompt
from bot.conversation.content import question_text
from bot.conversation.generation import OfferedModel, Prompt
from bot.conversation.settings import GenerationSettings
from bot.ports import Tokenizer

FITTINGS = 4
"""How often files are shortened until they fit: what a character costs is estimated by the whole."""

MARGIN = 1.2
"""What is taken out beyond that estimate: the end of a text may cost more than its middle."""


def fitted_prompt(
    attempt: Attempt,
    model: OfferedModel,
    settings: GenerationSettings,
    beginning: str,
    tokenizer: Tokenizer,
) -> tuple[Prompt, GenerationSettings]:
    """What the model reads, and its settings for what is left to say behind the `beginning`. Files that
    are too long for its window lose their middle, not their end."""
    task, outcome = attempt.task, attempt.outcome
    said = tokenizer.count(more) if (more := beginning[len(task.beginning) :]) else 0
    sent = replace(settings, max_new_tokens=max(1, settings.max_new_tokens - said))
    for _ in range(FITTINGS):
        text = question_text(task.question, outcome.quotes, outcome.files.files)
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
        files = cut_files(outcome.files.files, int(len(text) * share * MARGIN) + 1)
        if files == outcome.files.files:
            break
        outcome.cut_files(files, attempt.say)
    return prompt, sent
