"""Where questions are asked, half of them on Discord and half on Slack, and what stands there in answer."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.chaos.verdict import TAG
from tests.servers import discord as discords
from tests.servers import slack as slacks
from tests.servers.discord.components import inside

STOP = "Stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One that was asked, with when (the loop's clock). `name`: its message's on its platform."""

    tag: str
    conversation: str
    name: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One message of the bot's: the texts that it showed, with when, and the buttons that it has. `answers`:
    the name of the message that it answers, "" where only its text says that."""

    texts: Sequence[tuple[float, str]]
    buttons: Sequence[str]
    answers: str = ""

    @property
    def tag(self) -> str:
        """The question whose answer it shows, "" while it shows none."""
        tags = TAG.findall(" ".join(text for _, text in self.texts))
        return str(tags[0]) if tags else ""

    @property
    def can_be_stopped(self) -> bool:
        """Whether there is a button to stop it."""
        return STOP in self.buttons


class OnDiscord:
    """Each conversation in a channel of its own, in one of `guilds`, or in private. `unheard`: whether
    Discord tells nobody."""

    name = "discord"

    def __init__(
        self, discord: discords.DiscordServer, guilds: Sequence[str], unheard: Callable[[], bool]
    ) -> None:
        self._discord = discord
        self._guilds = guilds
        self._unheard = unheard
        self._people: dict[int, discords.User] = {}
        self._channels: dict[int, discords.Channel] = {}
        self._lost: set[str] = set()

    async def open(self, conversations: int) -> None:
        """Have channels and people for so many."""
        for number in range(conversations):
            await self._enter(number)

    async def ask(self, conversation: int, tag: str) -> Question:
        await self._enter(conversation)
        person = self._people[conversation]
        if conversation in self._channels:
            mention = f"{self._discord.bot.mention} {tag}"
            said = await self._discord.say(self._channels[conversation], person, mention)
        else:
            said = await self._discord.dm(person, tag)
        if self._unheard():
            self._lost.add(said.id)
        return Question(tag=tag, conversation=f"discord {conversation}", name=said.id, at=_now())

    async def _enter(self, conversation: int) -> None:
        if conversation not in self._people:
            self._people[conversation] = self._discord.world.add_user(f"D{conversation}")
            if not _private(conversation):
                guild = self._guilds[conversation % len(self._guilds)]
                self._channels[conversation] = await self._discord.add_channel(f"c{conversation}", guild)

    def shown(self) -> Iterator[Shown]:
        for channel in self._discord.world.channels.values():
            for message in self._discord.answers(channel):
                yield Shown(
                    texts=[(each.at, each.content) for each in message.versions],
                    buttons=[str(part["label"]) for part in inside(message.components) if part.get("label")],
                    answers=message.reference,
                )

    def handed_over(self) -> Callable[[Question], float | None]:
        """When a question was, as far as the platform goes; `None`: never."""
        return lambda question: None if question.name in self._lost else question.at


class OnSlack:
    """Each conversation in a thread of its own, in a channel or in private."""

    name = "slack"

    def __init__(self, slack: slacks.SlackServer) -> None:
        self._slack = slack
        self._people: dict[int, slacks.User] = {}
        self._threads: dict[int, slacks.Message] = {}

    async def ask(self, conversation: int, tag: str) -> Question:
        if conversation not in self._people:
            self._people[conversation] = self._slack.add_user(f"S{conversation}")
        person, thread = self._people[conversation], self._threads.get(conversation)
        if thread is not None:
            channel = thread.channel
        elif _private(conversation):
            channel = self._slack.dm(person)
        else:
            channel = self._slack.add_channel(f"c{conversation}")
        said = await self._slack.people.say(
            channel,
            person,
            tag,
            thread=thread.ts if thread else "",
            mention=not _private(conversation),
        )
        self._threads.setdefault(conversation, said)
        return Question(tag=tag, conversation=f"slack {conversation}", name=said.ts, at=_now())

    def shown(self) -> Iterator[Shown]:
        for channel in self._slack.world.channels.values():
            for message in self._slack.answers(channel):
                stream = [STOP] if message.streaming_until else []
                texts = [(each.at, each.text) for each in message.versions]
                yield Shown(texts=texts, buttons=[*message.buttons, *stream])

    def handed_over(self) -> Callable[[Question], float | None]:
        """When the bot first said that it has a question; `None`: never, and Slack has given up."""
        taken: dict[str, float] = {}
        for each in self._slack.transports.deliveries:
            event = each.payload.get("event", {})
            if each.acknowledged_at and event.get("type") in ("message", "app_mention"):
                name = str(event["ts"])
                taken[name] = min(each.acknowledged_at, taken.get(name, each.acknowledged_at))
        return lambda question: taken.get(question.name)


def _private(conversation: int) -> bool:
    """Every fourth is."""
    return conversation % 4 == 3


def _now() -> float:
    return asyncio.get_running_loop().time()
