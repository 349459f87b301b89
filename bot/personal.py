"""What the bot keeps about a person: given to them as a file, or deleted."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.buttons import Action, Button
from bot.commands import Handler, Response, said
from bot.conversation import Turn
from bot.languages import Say
from bot.messages import CommandInvoked
from bot.notice import File, Notice
from bot.ports import Archive, ChannelMemory, People

EVERYTHING = "everything"
"""What must follow `forget`: it can't be taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """Everybody gets and deletes their own, and nobody else's."""

    people: People
    archive: Archive
    memory: ChannelMemory

    def handlers(self) -> Mapping[str, Handler]:
        """What is carried out here, by word."""
        return {"export": self._export, "forget": self._forget}

    async def _export(self, command: CommandInvoked, say: Say) -> Response:
        kept: list[dict[str, Any]] = []
        for channel in await self.people.conversations(command.person):
            turns = await self.archive.turns(channel)
            settings = await self.memory.settings(channel) if channel.private else None
            kept.append(
                {
                    "channel": channel.key,
                    "private": channel.private,
                    "settings": dict(settings.channel) if settings is not None else {},
                    "turns": [_exported(turn) for turn in turns if turn.person == command.person],
                    "quoted": [
                        quote.text
                        for turn in turns
                        for quote in turn.quotes
                        if quote.person == command.person
                    ],
                    "ratings": [
                        {"message": turn.message, **asdict(version.ratings[command.person])}
                        for turn in turns
                        for version in turn.versions
                        if command.person in version.ratings
                    ],
                }
            )
        content = json.dumps({"person": command.person, "conversations": kept}, ensure_ascii=False, indent=2)
        file = File(name="mixtral-export.json", content=content.encode(errors="replace"))
        turns_kept = sum(len(each["turns"]) for each in kept)
        return Response(notice=Notice(text=say("exported", count=turns_kept), file=file))

    async def _forget(self, command: CommandInvoked, say: Say) -> Response:
        if command.argument.strip().lower() != EVERYTHING:
            button = Button(action=Action.FORGET, target="", label=say("button_forget"), argument=EVERYTHING)
            return Response(notice=Notice(text=say("forget_sure"), buttons=(button,)))
        gone = await self.people.forget(command.person)
        return said(
            say("forgotten", turns=gone.turns, mentions=gone.mentions, texts=gone.texts, ratings=gone.ratings)
        )


def _exported(turn: Turn) -> dict[str, Any]:
    return {
        "message": turn.message,
        "asked_at": turn.asked_at,
        "question": turn.question,
        "files": [asdict(file) for file in turn.files],
        "answers": [version.text for version in turn.versions],
        "shown": turn.shown + 1,
    }
