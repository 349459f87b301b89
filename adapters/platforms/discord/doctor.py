"""Discord: whether it takes the token, which intents it grants, and what the bot may where it is."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import aiohttp
import discord
import yarl
from discord.http import Route

from adapters.finding import Checks, Finding, ok, warning, wrong
from adapters.platforms.discord.errors import INTENT_REMEDY, UNREADABLE
from adapters.platforms.discord.invite import invite
from adapters.platforms.discord.permissions import Guild, permission_findings
from adapters.platforms.discord.refusals import TOKEN_REMEDY
from adapters.platforms.discord.shard_findings import shard_finding
from adapters.platforms.discord.variables import DiscordVariables
from adapters.proxies import proxy_for, way_to
from adapters.variables import shown

AGENT = f"DiscordBot (https://github.com/Rapptz/discord.py {discord.__version__})"
"""As discord.py names itself: Discord refuses clients that don't say in this form what they are."""

BASE_REMEDY = "DISCORD_API_URL must be a REST base, as https://discord.com/api/v10. Is a proxy before it?"

MOST_GUILDS = 20
"""Servers whose channels are looked at: each costs two requests."""


class Unanswered(Exception):
    """There is no answer to go on with; `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.text)
        self.finding = finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What a token belongs to. `user` is the bot's own id and `bot` its name; `invited`: whether it is in
    a server, as far as Discord says; `message_content`: whether the intent is granted."""

    id: str
    user: str
    bot: str
    invited: bool
    message_content: bool


def checks(variables: DiscordVariables) -> Checks:
    """Ask who the bot is and what its application may. Nothing connects to the gateway."""
    return Checks(
        checks={
            "discord": check(
                shown(variables.discord_token),
                message_content=variables.discord_message_content,
                threads=variables.discord_threads,
                api_url=variables.discord_api_url,
                shard_count=variables.discord_shard_count,
                shard_ids=variables.discord_shard_ids,
            )
        },
        servers=[variables.discord_api_url or Route.BASE],
    )


async def check(
    token: str,
    *,
    message_content: bool,
    threads: bool,
    api_url: str,
    shard_count: int = 0,
    shard_ids: str = "",
) -> list[Finding]:
    """What is so of the bot's place, its intents, its shards and its permissions."""
    try:
        application = await application_of(token, api_url)
        shards = await _shards(token, api_url, shard_count, shard_ids)
        findings = [_place(application), _intent(application.message_content, message_content), shards]
        if not application.invited:
            return findings
        guilds = await guilds_of(token, api_url, application.user)
    except Unanswered as unanswered:
        return [unanswered.finding]
    return [*findings, *permission_findings(guilds, threads=threads, now=datetime.now(UTC))]


async def application_of(token: str, api_url: str) -> Application:
    """The application that this token belongs to. Raises `Unanswered`."""
    base = api_url.rstrip("/") or Route.BASE
    async with _session(token) as session:
        me, application = await asyncio.gather(
            _one(session, f"{base}/users/@me"), _one(session, f"{base}/oauth2/applications/@me")
        )
    flags = discord.ApplicationFlags._from_value(int(application.get("flags", 0)))
    return Application(
        id=str(application.get("id")),
        user=str(me.get("id")),
        bot=str(me.get("username")),
        invited=application.get("approximate_guild_count") != 0,
        message_content=flags.gateway_message_content or flags.gateway_message_content_limited,
    )


async def guilds_of(token: str, api_url: str, bot: str) -> list[Guild]:
    """Some of the servers that the bot, by its user's id, is in. Raises `Unanswered`."""
    base = api_url.rstrip("/") or Route.BASE
    async with _session(token) as session:
        guilds = await _many(session, f"{base}/users/@me/guilds?limit={MOST_GUILDS}")
        return await asyncio.gather(*(_guild(session, base, each, bot) for each in guilds))


async def _shards(token: str, api_url: str, count: int, ids: str) -> Finding:
    url = f"{api_url.rstrip('/') or Route.BASE}/gateway/bot"
    async with _session(token) as session:
        answer = await _fetch(session, url)
    try:
        if isinstance(answer, dict):
            return shard_finding(answer, count=count, ids=ids)
    except UNREADABLE:
        pass
    raise Unanswered(_something_else(url))


async def _guild(session: aiohttp.ClientSession, base: str, guild: Mapping[str, Any], bot: str) -> Guild:
    channels, members = await asyncio.gather(
        _many(session, f"{base}/guilds/{guild['id']}/channels"),
        _fetch(session, f"{base}/guilds/{guild['id']}/members/{bot}"),
    )
    member = members if isinstance(members, dict) else {}
    return Guild(
        id=str(guild["id"]),
        name=str(guild.get("name")),
        permissions=int(guild.get("permissions", 0)),
        roles=frozenset(map(str, member.get("roles", ()))),
        bot=bot,
        timed_out=str(member.get("communication_disabled_until") or ""),
        channels=channels,
    )


def _session(token: str) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(headers={"Authorization": f"Bot {token}", "User-Agent": AGENT})


async def _one(session: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    answer = await _fetch(session, url)
    if isinstance(answer, dict) and "id" in answer:
        return answer
    raise Unanswered(_something_else(url))


async def _many(session: aiohttp.ClientSession, url: str) -> list[Mapping[str, Any]]:
    answer = await _fetch(session, url)
    if isinstance(answer, list) and all(isinstance(each, dict) and "id" in each for each in answer):
        return answer
    raise Unanswered(_something_else(url))


async def _fetch(session: aiohttp.ClientSession, url: str) -> object:
    name, network = (
        "discord",
        "Is there a network, and does a firewall let it through? The bot goes on trying.",
    )
    try:
        async with session.get(url, proxy=proxy_for(url)) as response:
            match response.status:
                case HTTPStatus.OK:
                    answer: object = await response.json(content_type=None)
                    return answer
                case HTTPStatus.UNAUTHORIZED:
                    found = wrong(name, "Discord does not accept DISCORD_TOKEN.", TOKEN_REMEDY)
                case HTTPStatus.TOO_MANY_REQUESTS:
                    found = warning(
                        name, "Discord has had too many requests.", "Wait a minute, then ask again."
                    )
                case HTTPStatus.NOT_FOUND:
                    found = wrong(name, f"There is nothing at {_address(url)} (404).", BASE_REMEDY)
                case status:
                    found = wrong(name, f"Discord answered {status}.", network)
    except ValueError:
        found = _something_else(url)
    except (aiohttp.ClientError, OSError) as error:
        found = wrong(name, f"Discord was not reached{way_to(url)}: {type(error).__name__}.", network)
    raise Unanswered(found)


def _something_else(url: str) -> Finding:
    return wrong("discord", f"Something else answers in Discord's place at {_address(url)}.", BASE_REMEDY)


def _address(url: str) -> yarl.URL:
    return yarl.URL(url).with_user(None).with_query(None)


def _place(application: Application) -> Finding:
    who = f"The bot is {application.bot}, of the application {application.id}"
    if not application.invited:
        return warning("discord", f"{who}, and in no server.", f"Invite it: {invite(application.id)}")
    return ok("discord", f"{who}.")


def _intent(granted: bool, wanted: bool) -> Finding:
    name = "discord intents"
    if wanted and not granted:
        return wrong(name, "DISCORD_MESSAGE_CONTENT=true needs the Message Content Intent.", INTENT_REMEDY)
    if wanted:
        return ok(name, "The Message Content Intent is granted.")
    return ok(name, "None that must be granted: follow-ups need a mention.")
