"""Discord: whether it takes the token, and which intents it grants."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp
import discord
import yarl
from discord.http import Route

from adapters.finding import Checks, Finding, ok, warning, wrong
from adapters.platforms.discord.errors import INTENT_REMEDY
from adapters.platforms.discord.invite import invite
from adapters.platforms.discord.refusals import TOKEN_REMEDY
from adapters.platforms.discord.variables import DiscordVariables
from adapters.proxies import proxy_for, way_to
from adapters.variables import shown

AGENT = f"DiscordBot (https://github.com/Rapptz/discord.py {discord.__version__})"
"""As discord.py names itself: Discord refuses clients that don't say in this form what they are."""


class Unanswered(Exception):
    """There is no answer to go on with; `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.text)
        self.finding = finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What a token belongs to. `bot` is its user's name; `invited`: whether it is in a server, as far as
    Discord says; `message_content`: whether the intent is granted."""

    id: str
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
                api_url=variables.discord_api_url,
            )
        },
        servers=[variables.discord_api_url or Route.BASE],
    )


async def check(token: str, *, message_content: bool, api_url: str) -> list[Finding]:
    """What is so of the bot's place and its intents."""
    try:
        application = await application_of(token, api_url)
    except Unanswered as unanswered:
        return [unanswered.finding]
    return [_place(application), _intent(application.message_content, message_content)]


async def application_of(token: str, api_url: str) -> Application:
    """The application that this token belongs to. Raises `Unanswered`."""
    base = api_url.rstrip("/") or Route.BASE
    headers = {"Authorization": f"Bot {token}", "User-Agent": AGENT}
    async with aiohttp.ClientSession(headers=headers) as session:
        me, application = await asyncio.gather(
            _asked(session, f"{base}/users/@me"), _asked(session, f"{base}/oauth2/applications/@me")
        )
    flags = discord.ApplicationFlags._from_value(int(application.get("flags", 0)))
    return Application(
        id=str(application.get("id")),
        bot=str(me.get("username")),
        invited=application.get("approximate_guild_count") != 0,
        message_content=flags.gateway_message_content or flags.gateway_message_content_limited,
    )


async def _asked(session: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    name, network = (
        "discord",
        "Is there a network, and does a firewall let it through? The bot goes on trying.",
    )
    base = "DISCORD_API_URL must be a REST base, as https://discord.com/api/v10. Is a proxy before it?"
    address = yarl.URL(url).with_user(None)
    try:
        async with session.get(url, proxy=proxy_for(url)) as response:
            match response.status:
                case HTTPStatus.OK:
                    answer = await response.json(content_type=None)
                    if isinstance(answer, dict) and "id" in answer:
                        return answer
                    raise ValueError  # noqa: TRY301  # no more an answer than a page of HTML
                case HTTPStatus.UNAUTHORIZED:
                    found = wrong(name, "Discord does not accept DISCORD_TOKEN.", TOKEN_REMEDY)
                case HTTPStatus.TOO_MANY_REQUESTS:
                    found = warning(
                        name, "Discord has had too many requests.", "Wait a minute, then ask again."
                    )
                case HTTPStatus.NOT_FOUND:
                    found = wrong(name, f"There is nothing at {address} (404).", base)
                case status:
                    found = wrong(name, f"Discord answered {status}.", network)
    except ValueError:
        found = wrong(name, f"Something else answers in Discord's place at {address}.", base)
    except (aiohttp.ClientError, OSError) as error:
        found = wrong(name, f"Discord was not reached{way_to(url)}: {type(error).__name__}.", network)
    raise Unanswered(found)


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
