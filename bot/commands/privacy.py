"""What the bot keeps about a person: given to them as a file, or deleted."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.commands.words import Handler, Response, said
from bot.conversation.events import Invoked
from bot.conversation.turns import Kept, Turn
from bot.conversation.views import Action, Button, File, Notice
from bot.languages import Say
from bot.ports import People

EVERYTHING = "everything"
"""What must follow `forget`: it can't be taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """Everybody gets and deletes their own, and nobody else's."""

    people: People

    def handlers(self) -> Mapping[str, Handler]:
        """What is carried out here, by word."""
        return {"export": self._export, "forget": self._forget}

    async def _export(self, command: Invoked, say: Say) -> Response:
        kept = await self.people.kept(command.person)
        everything = {"person": command.person, "conversations": [_exported(each) for each in kept]}
        content = json.dumps(everything, ensure_ascii=False, indent=2)
        file = File(name="mixtral-export.json", content=content.encode(errors="replace"))
        count = sum(len(each.turns) + len(each.waiting) for each in kept)
        return Response(notice=Notice(text=say("exported", count=count), file=file))

    async def _forget(self, command: Invoked, say: Say) -> Response:
        if command.argument.strip().lower() != EVERYTHING:
            button = Button(action=Action.FORGET, target="", label=say("button_forget"), argument=EVERYTHING)
            return Response(notice=Notice(text=say("forget_sure"), buttons=(button,)))
        gone = await self.people.forget(command.person)
        return said(
            say("forgotten", turns=gone.turns, mentions=gone.mentions, texts=gone.texts, ratings=gone.ratings)
        )


def _exported(kept: Kept) -> dict[str, Any]:
    return {
        "channel": kept.channel.key,
        "private": kept.channel.private,
        "settings": dict(kept.settings),
        "questions": [_turn(turn) for turn in kept.turns],
        "waiting": [{"message": each.id, "question": each.text} for each in kept.waiting],
        "quoted_or_overheard": list(kept.mentions),
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
