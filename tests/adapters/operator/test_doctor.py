"""Faults, planted one by one: each is named, with what to do about it."""

import fcntl
import socket
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from adapters.configuration import load_settings
from adapters.finding import Verdict
from adapters.http import HttpServer
from adapters.operator.doctor.disk import MIB
from adapters.operator.doctor.disk import check as disk
from adapters.operator.doctor.doctor import examine
from tests.adapters.operator.doctor_place import MIXTRAL, Place, told
from tests.servers.discord import MESSAGE_CONTENT, DiscordServer
from tests.servers.discord import Fault as DiscordFault
from tests.servers.discord.permissions import (
    CREATE_PUBLIC_THREADS,
    EVERYBODY,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    VIEW_CHANNEL,
)
from tests.servers.slack.server import Fault as SlackFault


async def test_nothing_is_wrong_where_nothing_is(place: Place) -> None:
    findings = await place.findings()
    assert {finding.verdict for finding in findings} == {Verdict.OK}
    texts = "\n".join(finding.text for finding in findings)
    assert "The bot is mixtral, of the application" in texts
    assert "The bot is in the workspace Local." in texts
    assert "answers by the chat protocol, first word after 0." in texts
    assert f"The server has {MIXTRAL}." in texts
    assert "Redis 7.2.4 answers in" in texts


async def test_a_token_with_a_blank_at_its_end_is_as_good_as_without(place: Place) -> None:
    blank = {
        name: f"{value} "
        for name, value in place.environment().items()
        if name in ("DISCORD_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    }
    assert {finding.verdict for finding in await place.findings(**blank)} == {Verdict.OK}


async def test_a_list_of_channels_without_a_word_on_direct_messages(place: Place) -> None:
    told(
        await place.findings(BOT_ALLOWED_CHANNELS="123"),
        Verdict.WARNING,
        "in direct messages only people",
        "Set BOT_PRIVATE_SESSIONS",
    )
    said = await place.findings(BOT_ALLOWED_CHANNELS="123", BOT_PRIVATE_SESSIONS="true")
    assert {finding.verdict for finding in said} == {Verdict.OK}


async def test_a_wrong_discord_token(place: Place) -> None:
    told(
        await place.findings(DISCORD_TOKEN="wr0ng"),
        Verdict.WRONG,
        "Discord does not accept DISCORD_TOKEN.",
        "Reset the token on the developer portal's Bot page.",
    )


async def test_an_intent_that_was_not_granted(place: Place) -> None:
    told(
        await place.findings(DISCORD_MESSAGE_CONTENT="true"),
        Verdict.WRONG,
        "DISCORD_MESSAGE_CONTENT=true needs the Message Content Intent.",
        "Turn it on, on the developer portal's Bot page",
    )


async def test_an_intent_that_was_granted(place: Place) -> None:
    granting = await place.stack.enter_async_context(DiscordServer(privileged=MESSAGE_CONTENT))
    findings = await place.findings(DISCORD_API_URL=granting.rest_url, DISCORD_MESSAGE_CONTENT="true")
    assert {finding.verdict for finding in findings} == {Verdict.OK}


async def test_a_bot_that_nobody_invited(place: Place) -> None:
    place.discord.world.guild_count = 0
    told(
        await place.findings(),
        Verdict.WARNING,
        "in no server",
        f"Invite it: https://discord.com/oauth2/authorize?client_id={place.discord.world.application}",
    )


@pytest.mark.parametrize(
    ("status", "verdict", "text"),
    [(503, Verdict.WRONG, "Discord answered 503."), (429, Verdict.WARNING, "too many requests")],
)
async def test_discord_in_trouble(place: Place, status: int, verdict: Verdict, text: str) -> None:
    place.discord.fail(DiscordFault(method="GET", path="/users/@me", status=status))
    told(await place.findings(), verdict, text, "")


async def test_a_permission_that_the_bot_lacks_is_named_with_what_it_is_for(
    place: Place,
) -> None:
    place.discord.world.bot_permissions = EVERYBODY & ~READ_MESSAGE_HISTORY & ~CREATE_PUBLIC_THREADS
    await place.discord.add_channel("stock")
    told(
        await place.findings(),
        Verdict.WARNING,
        "In 2 of 2 channels the bot lacks Read Message History: #general of a local guild, #stock of a local "
        "guild. Without it answers don't point at their questions",
        "Give it to the bot's role, in each channel's settings under Permissions.",
    )


async def test_without_leave_to_open_threads_the_doctor_says_where_the_answers_stand(place: Place) -> None:
    place.discord.world.bot_permissions = EVERYBODY & ~CREATE_PUBLIC_THREADS
    told(
        await place.findings(DISCORD_THREADS="true"),
        Verdict.WARNING,
        "the bot lacks Create Public Threads: #general",
        "Give it",
    )


async def test_channels_that_the_bot_does_not_see_are_nobodys_business(place: Place) -> None:
    place.discord.world.bot_permissions = EVERYBODY & ~VIEW_CHANNEL & ~SEND_MESSAGES
    assert {finding.verdict for finding in await place.findings()} == {Verdict.OK}


async def test_a_wrong_slack_token(place: Place) -> None:
    told(
        await place.findings(SLACK_BOT_TOKEN="xoxb-wr0ng"),
        Verdict.WRONG,
        "Slack does not accept SLACK_BOT_TOKEN (invalid_auth).",
        "Copy the Bot User OAuth Token",
    )


async def test_scopes_that_are_missing(place: Place) -> None:
    place.slack.team.scopes = tuple(set(place.slack.team.scopes) - {"files:read", "im:history"})
    told(
        await place.findings(),
        Verdict.WRONG,
        "SLACK_BOT_TOKEN lacks files:read, im:history.",
        "install the app again",
    )


async def test_a_wrong_app_token(place: Place) -> None:
    told(
        await place.findings(SLACK_APP_TOKEN="xapp-wr0ng"),
        Verdict.WRONG,
        "Slack does not accept SLACK_APP_TOKEN (invalid_auth).",
        "with the scope connections:write",
    )


async def test_a_page_in_slacks_place(place: Place) -> None:
    place.slack.fail(SlackFault(method="auth.test", html="<html>sign in</html>"))
    told(await place.findings(), Verdict.WRONG, "A web page answers in Slack's place.", "SLACK_API_URL")


async def test_slack_over_http_needs_no_app_token(place: Place) -> None:
    findings = await place.findings(SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="a-secret")
    assert "/slack/events" in next(one.text for one in findings if one.name == "slack events")


async def test_a_folder_that_a_bot_has(place: Place) -> None:
    folder = place.folder / "kept" / "redis"
    folder.mkdir(parents=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told(
            await place.findings(REDIS_URL=""),
            Verdict.WARNING,
            f"A bot is running that keeps its data in {folder}.",
            "A second one needs another DATA_DIR",
        )


async def test_a_port_that_is_taken(place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told(
            await place.findings(HTTP_PORT=port),
            Verdict.WRONG,
            f"HTTP_HOST and HTTP_PORT: 127.0.0.1:{port} can't be listened on (",
            "Set another port, or 0 for any that is free.",
        )


async def test_a_port_that_a_bot_has(place: Place) -> None:
    async with HttpServer("127.0.0.1", 0, dict) as bot:
        told(
            await place.findings(HTTP_PORT=str(bot.port)),
            Verdict.WARNING,
            f"A bot is listening on 127.0.0.1:{bot.port} already.",
            "A second one needs another HTTP_PORT.",
        )


async def test_the_pages_port_that_is_taken(place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told(
            await place.findings(WEB_PORT=port),
            Verdict.WRONG,
            f"WEB_HOST and WEB_PORT: 127.0.0.1:{port} can't be listened on (",
            "Set another port, or 0 for no page.",
        )


async def test_the_pages_port_where_a_bots_page_is(place: Place) -> None:
    async def to_english(_: web.Request) -> web.Response:
        raise web.HTTPSeeOther("/en/")

    app = web.Application()
    app.add_routes([web.get("/", to_english)])
    async with TestServer(app) as page:
        told(
            await place.findings(WEB_PORT=str(page.port)),
            Verdict.WARNING,
            f"A bot's page is at http://127.0.0.1:{page.port} already.",
            "A second one needs another WEB_PORT, or 0 for no page.",
        )


@pytest.mark.parametrize(
    ("ahead", "verdict", "text"),
    [
        (-120.0, Verdict.WARNING, " s ahead of that of 127.0.0.1."),
        (3600.0, Verdict.WRONG, " s behind that of 127.0.0.1. Signed events are refused"),
    ],
)
async def test_a_clock_that_is_off(place: Place, ahead: float, verdict: Verdict, text: str) -> None:
    off = {name: "" for name in place.environment() if name.startswith(("DISCORD_", "SLACK_"))}
    server = await place.model_server(serves=(MIXTRAL,), ahead=ahead)
    findings = await place.findings(**off, **server)
    told([one for one in findings if one.name == "clock"], verdict, text, "timedatectl set-ntp true")


@pytest.mark.parametrize("folder", ["a-file/kept", "/proc/mixtral-bot"])
async def test_a_folder_that_cannot_be_written_to(place: Place, folder: str) -> None:
    (place.folder / "a-file").write_text("")
    findings = await place.findings(REDIS_URL="", DATA_DIR=str(place.folder / folder))
    told(
        [one for one in findings if one.name == "disk"],
        Verdict.WRONG,
        f"{folder} can't be written to (",
        "set another DATA_DIR",
    )


@pytest.mark.parametrize(
    ("free", "verdict", "text"),
    [(10, Verdict.WRONG, "is full: 10 MiB are free"), (500, Verdict.WARNING, "500 MiB are free")],
)
async def test_a_disk_that_fills_up(tmp_path: Path, free: int, verdict: Verdict, text: str) -> None:
    findings = await disk(tmp_path, used=True, free_bytes=lambda folder: free * MIB)
    told(findings, verdict, text, "Make room on that disk")
    assert not list(tmp_path.iterdir())


async def test_a_check_that_trips_takes_no_other_with_it(place: Place) -> None:
    settings = load_settings(place.environment(), place.folder / ".env", place.folder / "secrets")
    broken = settings.model_copy(update={"redis_url": SecretStr("redis://localhost:99999")})
    told(
        await examine(broken),
        Verdict.WRONG,
        "It could not be checked (",
        "Are its variables right?",
    )


async def test_no_platform_and_no_model(place: Place) -> None:
    off = {name: "" for name in place.environment() if name not in ("HTTP_PORT", "REDIS_URL")}
    findings = await place.findings(**off)
    assert {one.name: one.verdict for one in findings if one.verdict is not Verdict.OK} == {
        "platforms": Verdict.WARNING,
        "model": Verdict.WARNING,
    }
