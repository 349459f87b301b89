"""What the bot keeps of a person: it is given to them, or deleted."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from typing import Any

from bot.commands.context import Context, Response, plain
from bot.conversation.events import Invoked
from bot.conversation.turns import Kept, Turn
from bot.conversation.verbs import EVERYTHING, FORGET
from bot.conversation.views import Button, File, Notice, Outcome
from bot.languages import Say

AT_ONCE = 2000
"""Parts of what is exported that are written at once: some milliseconds."""


async def export(command: Invoked, context: Context, say: Say) -> Response:
    """Give a person all that is kept of them, and of nobody else, as a file."""
    kept = await context.store.people.export(command.person)
    content = "".join([part async for part in _written(command.person, kept)])
    file = File(name="mixtral-export.json", content=content.encode(errors="replace"))
    count = sum(len(each.turns) + len(each.waiting) for each in kept)
    return Response(notice=Notice(text=say("exported", count=count), outcome=Outcome.DONE, file=file))


async def forget(command: Invoked, context: Context, say: Say) -> Response:
    """Delete all that is kept of a person, once they have said that they mean it."""
    if command.argument.strip().lower() != EVERYTHING:
        button = Button(verb=FORGET.word, target="", label=say("button_forget"), argument=EVERYTHING)
        return Response(notice=Notice(text=say("forget_sure"), buttons=(button,)))
    gone = await context.store.people.forget(command.person)
    text = say("forgotten", turns=gone.turns, mentions=gone.mentions, texts=gone.texts, ratings=gone.ratings)
    return plain(text, Outcome.DONE)


async def _written(person: str, kept: Sequence[Kept]) -> AsyncIterator[str]:
    """As JSON; there may be years of it, so others have their turn meanwhile."""
    conversations = list[dict[str, Any]]()
    for each in kept:
        conversations.append(_exported(each))
        await asyncio.sleep(0)
    everything = {"person": person, "conversations": conversations}
    for number, part in enumerate(json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(everything)):
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
        yield part


def _exported(kept: Kept) -> dict[str, Any]:
    return {
        "channel": kept.channel.key,
        "private": kept.channel.private,
        "settings": dict(kept.settings),
        "questions": [_turn(turn) for turn in kept.turns],
        "waiting": [{"message": each.id, "question": each.text} for each in kept.waiting],
        "quoted": list(kept.mentions),
        "system_prompts": [{"setting": field, "text": text} for field, text in kept.texts],
        "ratings": [{"message": message, **asdict(rating)} for message, rating in kept.ratings],
    }


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "message": turn.message,
        "asked_at": turn.asked_at,
        "author": turn.author,
        "question": turn.question,
        "files": [asdict(file) for file in turn.files],
        "answers": [version.text for version in turn.versions],
        "shown": turn.shown + 1,
    }
