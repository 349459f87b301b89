"""A person's hands, the same on a local Discord and a local Slack."""

import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.adapters.discord.seen import seen
from tests.scenarios import discord_place, slack_place
from tests.scenarios.bot_process import BotProcess
from tests.servers.discord import DiscordServer, Interaction
from tests.servers.model import ModelServer
from tests.servers.slack import SlackServer
from tests.servers.slack.interactions import Response
from tests.servers.slack.world import View

SETTLED = 60.0
"""Seconds until what is waited for has failed: many answers share the platform's budget."""


def configuration(model: ModelServer) -> dict[str, str]:
    """Room for many questions, and two models to choose from."""
    models = [{"name": name, "id": f"local/{name}", "url": model.url} for name in ("mixtral", "tiny")]
    return {
        "BOT_USER_QUOTA": "10000/hour",
        "BOT_MAX_NEW_TOKENS": "4000",
        "BOT_CHANNEL_SETTINGS": "everyone",
        "MODELS": json.dumps(models),
    }


@dataclass(slots=True, kw_only=True)
class Asked:
    """A question in a channel of its own, and the message that answers it."""

    channel: Any
    question: Any
    answer: Any = None


class Hands(Protocol):
    """What Ada, who manages the channels, can do. Texts that come back are what she alone, or the channel, is
    told."""

    model: ModelServer

    def bot(self) -> AbstractAsyncContextManager[BotProcess]: ...

    async def online(self, starts: int) -> None: ...

    async def until(self, condition: Callable[[], object]) -> None: ...

    async def ask(self, text: str, *, most: int = 0) -> Asked:
        """Ask in a new channel; comes back when the answer has begun. `most`: its tokens, where set there."""

    def shown(self, asked: Asked) -> str:
        """What stands in the answer's message, its buttons included; "" when it was taken away."""

    def files(self) -> list[bytes]:
        """What was handed over so far."""

    async def press(self, asked: Asked, label: str) -> str: ...

    async def react(self, asked: Asked, *, stop: bool) -> None:
        """❌ for `stop`, else 👎."""

    async def say(self, asked: Asked, text: str) -> None:
        """With a mention, in the conversation."""

    async def why(self, asked: Asked) -> str:
        """From the answer's own menu."""

    async def ask_about(self, asked: Asked, text: str) -> None:
        """From the answer's own menu."""

    async def rewrite(self, asked: Asked, text: str) -> None: ...

    async def delete(self, asked: Asked) -> None: ...

    async def command(self, asked: Asked, name: str, value: str = "") -> str: ...

    async def fill_in(self, asked: Asked, field: str, value: str) -> None:
        """In the form of the channel's settings."""

    def public(self, asked: Asked) -> list[str]:
        """What everybody in the channel can read of the bot."""

    async def forget(self, asked: Asked) -> str:
        """The command, and the button that it shows."""


class DiscordHands:
    """On Discord."""

    def __init__(self, discord: DiscordServer, model: ModelServer, folder: Path) -> None:
        self._place = discord_place.Place(discord, model, folder)
        self.model, self._discord, self._ada = model, discord, self._place.ada
        self._files: list[bytes] = []

    def bot(self) -> AbstractAsyncContextManager[BotProcess]:
        return self._place.bot(**configuration(self.model))

    async def online(self, starts: int) -> None:
        await self._place.online(starts)

    async def until(self, condition: Callable[[], object]) -> None:
        await self._discord.until(condition, timeout=SETTLED)

    async def ask(self, text: str, *, most: int = 0) -> Asked:
        channel = await self._discord.add_channel("asked")
        if most:
            limit = {"value": str(most)}
            await self._told(await self._discord.slash(channel, self._ada, "max_tokens", limit))
        question = await self._discord.say(channel, self._ada, f"{self._discord.bot.mention} {text}")
        [answer] = await self._discord.until(
            lambda: [each for each in self._discord.answers(channel) if each.reference == question.id],
            timeout=SETTLED,
        )
        return Asked(channel=channel, question=question, answer=answer)

    def shown(self, asked: Asked) -> str:
        return seen(asked.answer) if asked.answer in self._discord.messages(asked.channel) else ""

    def files(self) -> list[bytes]:
        return self._files

    async def press(self, asked: Asked, label: str) -> str:
        return await self._told(await self._discord.press(asked.answer, self._ada, label))

    async def react(self, asked: Asked, *, stop: bool) -> None:
        await self._discord.react(asked.answer, self._ada, "❌" if stop else "👎")

    async def say(self, asked: Asked, text: str) -> None:
        await self._discord.say(asked.channel, self._ada, f"{self._discord.bot.mention} {text}")

    async def why(self, asked: Asked) -> str:
        return await self._told(await self._discord.menu(asked.answer, self._ada, "Why (not) this answer?"))

    async def ask_about(self, asked: Asked, text: str) -> None:
        opened = await self._discord.menu(asked.answer, self._ada, "Ask about this message")
        await self.until(lambda: opened.form)
        await self._discord.send_form(opened, {"text": text})

    async def rewrite(self, asked: Asked, text: str) -> None:
        await self._discord.rewrite(asked.question, f"{self._discord.bot.mention} {text}")

    async def delete(self, asked: Asked) -> None:
        await self._discord.delete_message(asked.question)

    async def command(self, asked: Asked, name: str, value: str = "") -> str:
        options = {"value": value} if value else None
        return await self._told(await self._discord.slash(asked.channel, self._ada, name, options))

    async def fill_in(self, asked: Asked, field: str, value: str) -> None:
        panel = await self._discord.slash(asked.channel, self._ada, "settings")
        await self.until(lambda: panel.answered)
        assert panel.original is not None
        opened = await self._discord.press(panel.original, self._ada, "Generation")
        await self.until(lambda: opened.form)
        await self._discord.send_form(opened, {field: value})

    def public(self, asked: Asked) -> list[str]:
        return [each.content for each in self._discord.answers(asked.channel)]

    async def forget(self, asked: Asked) -> str:
        sure = await self._discord.slash(asked.channel, self._ada, "forget")
        await self.until(lambda: sure.answered)
        assert sure.original is not None
        return await self._told(await self._discord.press(sure.original, self._ada, "Delete everything"))

    async def _told(self, interaction: Interaction) -> str:
        # What everybody may read follows in a message of its own.
        answered = await self._discord.until(
            lambda: [each for each in (interaction.answered, *interaction.follow_ups) if each],
            timeout=SETTLED,
        )
        message = answered[0]
        self._files += [file.content for file in message.files]
        return message.content


class SlackHands:
    """On Slack, where each question begins a thread."""

    def __init__(self, slack: SlackServer, model: ModelServer, folder: Path) -> None:
        self._place = slack_place.Place(slack, model, folder)
        self.model, self._slack, self._people = model, slack, slack.people
        self._ada = self._place.ada

    def bot(self) -> AbstractAsyncContextManager[BotProcess]:
        return self._place.bot(**configuration(self.model))

    async def online(self, starts: int) -> None:
        await self._place.online(starts)

    async def until(self, condition: Callable[[], object]) -> None:
        await self._slack.until(condition, timeout=SETTLED)

    async def ask(self, text: str, *, most: int = 0) -> Asked:
        channel = self._slack.add_channel("asked")
        if most:
            await self._told(await self._people.slash(channel, self._ada, f"max_tokens {most}"))
        question = await self._people.say(channel, self._ada, text, mention=True)
        await self.until(lambda: self._slack.answers(channel, question.ts))
        [answer] = self._slack.answers(channel, question.ts)
        return Asked(channel=channel, question=question, answer=answer)

    def shown(self, asked: Asked) -> str:
        answer = asked.answer
        if answer not in self._slack.messages(asked.channel):
            return ""
        notes, buttons = (" ".join(f"({each})" for each in answer.notes), " ".join(answer.buttons))
        return f"{answer.text}\n{notes} {buttons}"

    def files(self) -> list[bytes]:
        return [upload.content for upload in self._slack.world.uploads.values()]

    async def press(self, asked: Asked, label: str) -> str:
        return await self._told(await self._people.press(asked.answer, self._ada, label))

    async def react(self, asked: Asked, *, stop: bool) -> None:
        await self._people.react(asked.answer, self._ada, "x" if stop else "-1")

    async def say(self, asked: Asked, text: str) -> None:
        await self._people.say(asked.channel, self._ada, text, thread=asked.question.ts, mention=True)

    async def why(self, asked: Asked) -> str:
        return await self._told(await self._people.shortcut(asked.answer, self._ada, "why"))

    async def ask_about(self, asked: Asked, text: str) -> None:
        await self._fill_in_view(lambda: self._people.shortcut(asked.answer, self._ada, "ask"), "ask", text)

    async def rewrite(self, asked: Asked, text: str) -> None:
        await self._people.edit(asked.question, f"<@{self._slack.team.bot_user}> {text}")

    async def delete(self, asked: Asked) -> None:
        await self._people.delete(asked.question)

    async def command(self, asked: Asked, name: str, value: str = "") -> str:
        return await self._told(await self._people.slash(asked.channel, self._ada, f"{name} {value}"))

    async def fill_in(self, asked: Asked, field: str, value: str) -> None:
        await self._fill_in_view(
            lambda: self._people.slash(asked.channel, self._ada, "settings"), field, value
        )

    def public(self, asked: Asked) -> list[str]:
        return [each.text for each in self._slack.answers(asked.channel)]

    async def forget(self, asked: Asked) -> str:
        sure = await self._people.slash(asked.channel, self._ada, "forget")
        await self.until(lambda: sure.buttons)
        return await self._told(await self._people.press(sure, self._ada, "Delete everything"))

    async def _fill_in_view(self, opens: Callable[[], Awaitable[object]], field: str, value: str) -> None:
        views = self._slack.world.views
        before = len(views)
        await opens()
        await self.until(lambda: any(field in _fields(view) for view in views[before:]))
        [view] = [view for view in views[before:] if field in _fields(view)]
        assert not await self._people.submit(view, {field: value})

    async def _told(self, response: Response) -> str:
        await self.until(lambda: response.text)
        return response.text


def _fields(view: View) -> list[str]:
    return [block["block_id"] for block in view.content["blocks"] if block["type"] == "input"]
