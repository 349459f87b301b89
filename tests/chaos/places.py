"""Where questions are asked, half of them on Discord and half on Slack, and what stands there in answer."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

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
    Discord tells nobody. `tells_apart`: what the bot says beside an answer is not among what is `shown`."""

    name = "discord"
    tells_apart = False

    def __init__(
        self, discord: discords.DiscordServer, guilds: Sequence[str], unheard: Callable[[], bool]
    ) -> None:
        self._discord = discord
        self._guilds = guilds
        self._unheard = unheard
        self._people: dict[int, discords.User] = {}
        self._channels: dict[int, discords.Channel] = {}
        self._lost: set[str] = set()
        self._said: dict[str, discords.Message] = {}
        self._private: dict[int, list[str]] = defaultdict(list)

    async def open(self, conversations: int) -> None:
        """Have channels and people for so many."""
        for number in range(conversations):
            await self._enter(number)

    async def ask(self, conversation: int, tag: str, *, mention: bool = True, anew: bool = False) -> Question:
        """`mention`: the bot is meant. `anew` is Slack's alone: here a channel is one conversation."""
        await self._enter(conversation)
        person = self._people[conversation]
        if conversation in self._channels:
            text = f"{self._discord.bot.mention} {tag}" if mention else tag
            said = await self._discord.say(self._channels[conversation], person, text)
        else:
            said = await self._discord.dm(person, tag)
            self._private[conversation].append(said.id)
        self._said[said.id] = said
        if self._unheard():
            self._lost.add(said.id)
        return Question(tag=tag, conversation=f"discord {conversation}", name=said.id, at=_now())

    async def edit(self, question: Question, tag: str) -> Question:
        """Let it ask something else."""
        said = self._said[question.name]
        await self._discord.rewrite(said, said.content.replace(question.tag, tag))
        return replace(question, tag=tag)

    async def delete(self, question: Question) -> None:
        """Take it away."""
        await self._discord.delete_message(self._said[question.name])

    async def _enter(self, conversation: int) -> None:
        if conversation not in self._people:
            self._people[conversation] = self._discord.world.add_user(f"D{conversation}")
            if not is_private(conversation):
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
        # Discord tells a bot of no private conversation of which it has never heard.
        heard = self._discord.gateway.heard
        private = self._private.values()
        unknown = {name for names in private for name in takewhile(lambda name: name not in heard, names)}
        return lambda question: None if question.name in self._lost | unknown else question.at


class OnSlack:
    """Each conversation in a channel of its own or in private, and there in one thread. `unheard`: whether
    Slack tells nobody, and never will."""

    name = "slack"
    tells_apart = True

    def __init__(self, slack: slacks.SlackServer, unheard: Callable[[], bool] = lambda: False) -> None:
        self._slack = slack
        self._unheard = unheard
        self._people: dict[int, slacks.User] = {}
        self._channels: dict[int, slacks.Channel] = {}
        self._threads: dict[int, str] = {}
        self._said: dict[str, slacks.Message] = {}

    async def ask(self, conversation: int, tag: str, *, mention: bool = True, anew: bool = False) -> Question:
        """`mention`: the bot is meant. `anew`: not in the thread that there is, but beside it."""
        self._enter(conversation)
        person, channel = self._people[conversation], self._channels[conversation]
        thread = "" if anew else self._threads.get(conversation, "")
        mention = mention and not is_private(conversation)
        if self._unheard():
            text = f"<@{channel.team.bot_user}> {tag}" if mention else tag
            said = self._slack.world.add(channel, person.id, text, thread_ts=thread)
        else:
            said = await self._slack.people.say(channel, person, tag, thread=thread, mention=mention)
        self._said[said.ts] = said
        first = self._threads.setdefault(conversation, said.ts)
        where = f"slack {conversation}" if thread or said.ts == first else f"slack {conversation} {said.ts}"
        return Question(tag=tag, conversation=where, name=said.ts, at=_now())

    async def edit(self, question: Question, tag: str) -> Question:
        """Let it ask something else; nobody is told."""
        said = self._said[question.name]
        self._slack.world.show(said, said.text.replace(question.tag, tag))
        said.more["edited"] = {"user": said.author, "ts": self._slack.world.ts()}
        return replace(question, tag=tag)

    async def delete(self, question: Question) -> None:
        """Take it away; nobody is told."""
        del self._said[question.name].channel.messages[question.name]

    def _enter(self, conversation: int) -> None:
        if conversation not in self._people:
            person = self._people[conversation] = self._slack.add_user(f"S{conversation}")
            self._channels[conversation] = (
                self._slack.dm(person)
                if is_private(conversation)
                else self._slack.add_channel(f"c{conversation}")
            )

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


def is_private(conversation: int) -> bool:
    """Every fourth is."""
    return conversation % 4 == 3


def _now() -> float:
    return asyncio.get_running_loop().time()
