"""Words, names and tokens of no other place, on Discord, Slack and the page: none can be read in any key
or file of the store, before and after a restart with another key."""

import asyncio
import base64
import secrets
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import aiohttp
import pytest
from redis.asyncio import Redis

from adapters.private_files import MASK
from adapters.stores.redis.embedded import FOLDER, LOG, socket_in
from tests.redis_content import everything_in
from tests.scenarios.bot_process import SETTLED, drain, import_once
from tests.scenarios.test_slack_install import Workspaces
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer
from tests.servers.ports import free_port
from tests.servers.slack import SlackServer

import_once("adapters.platforms.web.assembly")

QUESTION, ANSWER, PROMPT, SAVED, FILE, NAME, USER = CANARIES = tuple(
    f"{word}canary" for word in ("asked", "answered", "told", "pirate", "attached", "zebedee", "florence")
)
"""What people and the model write, and what people, one in Slack and one on the page, are called."""

PASSWORD = "correct horse battery"


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


class Everywhere(Workspaces):
    """Slack, into which the bot is installed, with a Discord and the page beside it."""

    def __init__(self, slack: SlackServer, discord: DiscordServer, model: ModelServer, folder: Path) -> None:
        super().__init__(slack, model, folder)
        self.discord, self.port = discord, free_port()
        self.people = [slack.add_user(NAME.title(), team=team) for team in self.teams]
        self.bob = discord.world.add_user(NAME.title())

    def environment(self) -> dict[str, str]:
        return {
            **super().environment(),
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.rest_url,
            "DISCORD_GATEWAY_URL": self.discord.gateway_url,
            "WEB_PORT": str(self.port),
            "WEB_USERS": f"{USER}:{PASSWORD}",
            "BOT_CHANNEL_SETTINGS": "everyone",
        }

    async def online(self, starts: int = 1) -> None:
        await super().online(starts)
        await self.discord.until(lambda: self.discord.gateway.identified >= starts, timeout=SETTLED)

    @property
    def tokens(self) -> Sequence[str]:
        """Whatever opens something and was given to the bot, or by it."""
        return [self.discord.token, PASSWORD, *(team.bot_token for team in self.teams)]

    async def live(self, name: str) -> None:
        """What people do: ask with a file, set, save a prompt; on each of the three."""
        slack, discord = self.slack, self.discord
        red, ada = self.channels[0], self.people[0]
        await slack.people.slash(red, ada, f"system {PROMPT} on Slack")
        await slack.people.slash(red, ada, f"prompt save {SAVED}")
        await slack.people.slash(red, ada, "temperature 0.3")
        files = {f"{FILE}.txt": FILE.encode()}
        asked = await slack.people.say(red, ada, f"{QUESTION} {name}", mention=True, files=files)
        await slack.until(lambda: slack.answers(red, asked.ts), timeout=SETTLED)
        question = await discord.say(discord.general, self.bob, f"{discord.bot.mention} {QUESTION} {name}")
        await discord.until(
            lambda: [each for each in discord.answers(discord.general) if each.reference == question.id],
            timeout=SETTLED,
        )
        await self.on_the_page(name)

    async def on_the_page(self, name: str) -> None:
        url = f"http://127.0.0.1:{self.port}"
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            async with browser.get(f"{url}/login"):
                pass
            fields = {"user": USER, "password": PASSWORD}
            async with browser.post(f"{url}/login", data=fields, allow_redirects=False) as answer:
                assert answer.status == 303
            for what, sent in (
                ("save", {"changes": {"system": f"{PROMPT} on the page"}}),
                ("ask", {"conversation": name, "text": f"{QUESTION} {name}"}),
            ):
                async with browser.post(f"{url}/en/api/{what}", json=sent) as answer:
                    assert answer.status == 200
            watched = f"{url}/en/api/watch?conversation={name}"
            async with asyncio.timeout(SETTLED), browser.get(watched) as stream:
                shown = False
                async for line in stream.content:
                    shown = shown or ANSWER.encode() in line
                    if shown and b'"busy":false' in line.replace(b" ", b""):
                        return
            raise AssertionError

    def on_the_disk(self) -> str:
        """All that stands under the data directory, names of files included."""
        found = ""
        for path in (self.folder / "kept").rglob("*"):
            found += f"{path.name}\n"
            if path.is_file() and path.name != LOG:
                found += path.read_bytes().decode(errors="replace")
        return found

    async def finds(self) -> list[str]:
        """What is there to be read, in the store and in its files."""
        socket = str(socket_in(self.folder / "kept" / FOLDER))
        async with Redis(unix_socket_path=socket, decode_responses=True) as redis:
            there = await everything_in(redis) + self.on_the_disk()
        return [each for each in (*CANARIES, *self.tokens) if each.lower() in there.lower()]


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Everywhere]:
    async with SlackServer() as slack, DiscordServer() as discord, ModelServer() as model:
        model.text = f"{ANSWER} one two three"
        yield Everywhere(slack, discord, model, tmp_path)


async def test_nothing_that_is_kept_can_be_read_without_the_key(place: Everywhere) -> None:
    first, second, id_key = new_key(), new_key(), new_key()
    async with place.bot(ENCRYPTION_KEYS=first, BOT_ID_KEY=id_key) as bot:
        await place.online()
        await place.install(*place.teams)
        await place.live("before")
        assert await place.finds() == []
        assert await drain(bot) == 0
    async with place.bot(ENCRYPTION_KEYS=f"{second},{first}", BOT_ID_KEY=id_key) as bot:
        await place.online(2)
        await place.live("after")
        assert await place.finds() == []
        assert await drain(bot) == 0
    assert [
        each for each in (*CANARIES, *place.tokens, first, second, id_key) if each in place.on_the_disk()
    ] == []
    kept = place.folder / "kept"
    assert [str(each) for each in (kept, *kept.rglob("*")) if each.lstat().st_mode & MASK] == []


async def test_without_keys_the_same_look_finds_all_of_it(place: Everywhere) -> None:
    async with place.bot() as bot:
        await place.online()
        await place.install(*place.teams)
        await place.live("before")
        found = await place.finds()
        assert await drain(bot) == 0
    assert {QUESTION, ANSWER, PROMPT, SAVED, FILE, NAME, USER, place.teams[0].bot_token} <= set(found)
