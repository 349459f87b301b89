"""An answer drawn by the platforms' own parts, up to where a call would go out, and judged there by what the
platform makes of it."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from adapters.graphemes import boundary
from adapters.platforms.discord.calls import Calls
from adapters.platforms.discord.client import Connection
from adapters.platforms.discord.draw.messages import notice_messages, page_message
from adapters.platforms.discord.limits import LIMITS as DISCORD
from adapters.platforms.discord.sending import send
from adapters.platforms.slack.assembly import assemble
from adapters.platforms.slack.client import Client
from adapters.platforms.slack.errors import refusal
from adapters.platforms.slack.limits import COPY_LENGTH
from adapters.platforms.slack.limits import LIMITS as SLACK
from adapters.platforms.slack.missed import Missed
from adapters.platforms.slack.translate import thread
from bot.conversation.events import ChannelRef, Said
from bot.conversation.views import Button, File, Notice, Page
from bot.display.draft import Draft
from bot.languages import speaker
from tests.adapters.discord import recorded as on_discord
from tests.adapters.slack.gate import Gate
from tests.adapters.slack.memory_client import Known
from tests.adapters.slack.online import Notes
from tests.adapters.slack.recorded import CHANNEL, DIRECT, TEAM
from tests.fakes.budget import InMemoryBudget
from tests.fakes.messages import message
from tests.fakes.store import InMemoryStore
from tests.security import discord_reader, slack_reader

Unseen = Callable[[], AbstractContextManager[None]]


@dataclass(slots=True)
class Judgement:
    """What was looked at, and what was found. `hostile`: texts that would ping if they went out as the model
    wrote them."""

    pages: int = 0
    steps: int = 0
    hostile: int = 0
    found: list[str] = field(default_factory=list)


async def growing(pieces: Iterable[str], limit: int) -> AsyncIterator[Page]:
    """The pages that an answer shows in turn: each that changed, at each piece. Others have their turn in
    between, as they have while a page goes out."""
    draft, shown = Draft(limit, boundary), dict[int, Page]()

    def changed(final: bool) -> Iterator[Page]:
        for page in draft.pages(final=final):
            if shown.get(page.number) != page:
                shown[page.number] = page
                yield page

    for piece in pieces:
        draft.append(piece)
        await asyncio.sleep(0)
        for page in changed(final=False):
            yield page
            await asyncio.sleep(0)
    for page in changed(final=True):
        await asyncio.sleep(0)
        yield page


class DiscordWire:
    """In place of the library's HTTP: judges what would be sent. An edited message keeps its flags."""

    def __init__(self, judgement: Judgement, unseen: Unseen) -> None:
        self._judgement, self._unseen = judgement, unseen
        self._flags: dict[int, int] = {}
        self._answer = on_discord.recorded("mention", channel_id="1")

    async def send_message(self, _channel: int, *, params: Any) -> Mapping[str, Any]:
        number = len(self._flags) + 1
        self._flags[number] = params.payload.get("flags", 0)
        return self._judged(number, params.payload)

    async def edit_message(self, _channel: int, number: int, *, params: Any) -> Mapping[str, Any]:
        self._flags[number] = params.payload.get("flags", self._flags[number])
        return self._judged(number, params.payload)

    def _judged(self, number: int, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        with self._unseen():
            self._judgement.steps += 1
            self._judgement.hostile += bool(discord_reader.mentioned(payload["content"]))
            pings, loads = discord_reader.pings(payload), discord_reader.loads(payload, self._flags[number])
            self._judgement.found += [f"Discord: {each}" for each in (*pings, *loads)]
        return {**self._answer, "id": str(number), "content": payload["content"]}


async def on_the_discord_wire(text: str, pieces: Iterable[str], judgement: Judgement, unseen: Unseen) -> None:
    """Show an answer as it grows, then the same as a notice."""
    calls = Calls()
    home = Connection("", message_content=False, trace=calls.trace).new_home()
    state: Any = home._connection
    state.http = DiscordWire(judgement, unseen)
    channel = ChannelRef(platform="discord", workspace="1", channel="1")
    place, numbers = home.get_partial_messageable(1), dict[int, int]()
    async for page in growing(pieces, DISCORD.page_length):
        drawn = page_message(page, channel)
        if page.number in numbers:
            partial = place.get_partial_message(numbers[page.number])
            await partial.edit(content=drawn.text, view=drawn.view)
        else:
            numbers[page.number] = judgement.pages = len(numbers) + 1
            await send(calls, place, drawn, channel, once=f"{page.number}")
    for drawn in notice_messages(Notice(text=f"- {text}"), speaker("en"), channel):
        await place.send(drawn.text, **drawn.extras())


class SlackWire(Client):
    """In place of the Web API: judges each call, and what a stream shows in all. Now and then it takes no
    blocks, as Slack does."""

    def __init__(self, judgement: Judgement, unseen: Unseen, refuses: random.Random) -> None:
        super().__init__(Known())
        self._judgement, self._unseen, self._refuses = judgement, unseen, refuses
        self._streams: dict[str, str] = {}

    async def _respond(self, url: str, body: Mapping[str, object]) -> bool:
        self._judge("response", body)
        return True

    async def _call(self, workspace: str, method: str, **body: Mapping[str, object]) -> Mapping[str, Any]:
        arguments = body.get("json") or body.get("params") or {}
        if method.startswith("chat."):
            self._judge(method, arguments)
            if arguments.get("blocks") and self._refuses.random() < 0.1:
                raise refusal("invalid_blocks")
        return {"ok": True, "ts": str(arguments.get("ts") or f"{1795001000 + self._judgement.steps}.000100")}

    def _judge(self, method: str, arguments: Mapping[str, Any]) -> None:
        with self._unseen():
            self._judgement.steps += 1
            found = slack_reader.pings(arguments) | slack_reader.loads(method, arguments)
            if "Stream" in method:
                ts = str(arguments.get("ts") or f"{1795001000 + self._judgement.steps}.000100")
                whole = self._streams.get(ts, "") + str(arguments.get("markdown_text") or "")
                self._streams[ts] = whole
                found |= slack_reader.mentioned(whole)
            self._judgement.found += [f"Slack, {method}: {each}" for each in found]


async def on_the_slack_wire(
    text: str,
    pieces: Iterable[str],
    judgement: Judgement,
    unseen: Unseen,
    *,
    private: bool,
    chance: random.Random,
) -> None:
    """Show an answer as it grows, in private as a stream and in a channel by updates; then the same as a
    notice, and to copy."""
    client = SlackWire(judgement, unseen, chance)
    platform = assemble(
        client,
        Known(),
        Gate(InMemoryStore()),
        records=Notes(),
        missed=Missed(client, None, InMemoryBudget()),
        budget=InMemoryBudget(),
    )
    question = _asked(private=private)
    messages = dict[int, str]()
    with unseen():
        judgement.hostile += bool(slack_reader.mentioned(text))
    async for page in growing(pieces, SLACK.page_length):
        if page.number in messages:
            await platform.edit(question.channel, messages[page.number], page)
        else:
            messages[page.number] = await platform.post(question, page, f"{page.number}")
    judgement.pages += len(messages)
    await platform.tell(question, Notice(text=text, buttons=(Button(verb="good", target="1", label=text),)))
    content = text.encode(errors="replace")
    if len(content) <= COPY_LENGTH:  # a longer one is handed over as a file
        await platform.tell(question, Notice(text="Copied:", file=File(name="answer.md", content=content)))


def _asked(*, private: bool) -> Said:
    ts = "1795000003.000001"
    return message(
        id=ts,
        channel=thread(TEAM, DIRECT if private else CHANNEL, ts, private=private),
        reply=() if private else ("https://hooks.example/1",),
    )
