"""Faults, planted one by one: each is named, with what to do about it."""

import fcntl
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.configuration import load_settings
from adapters.finding import Finding, Verdict
from adapters.http import HttpServer
from adapters.models.huggingface.doctor import Model, failure
from adapters.models.huggingface.model_server import SelfDescription
from adapters.models.huggingface.wire import Access
from adapters.operator.doctor.disk import MIB
from adapters.operator.doctor.disk import check as disk
from adapters.operator.doctor.doctor import DEADLINE, examine
from bot.errors import ModelError, ModelUnreachable, NoCredits, TokenRefused, UnknownModel
from tests.servers.discord import MESSAGE_CONTENT, DiscordServer
from tests.servers.discord import Fault as DiscordFault
from tests.servers.model import Fault, ModelServer
from tests.servers.redis import RedisServer
from tests.servers.slack import SlackServer
from tests.servers.slack.server import Fault as SlackFault
from tests.servers.web_page import web_page

MIXTRAL = "mistralai/Mixtral-8x7B-Instruct-v0.1"


@dataclass(slots=True)
class Place:
    """Everything that the bot needs, as it should be; tests take something away."""

    folder: Path
    stack: AsyncExitStack
    discord: DiscordServer
    slack: SlackServer
    model: ModelServer
    redis: RedisServer
    deadline: float = 3.0

    def environment(self) -> dict[str, str]:
        return {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.rest_url,
            "SLACK_BOT_TOKEN": self.slack.team.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "MODEL_URL": self.model.url,
            "REDIS_URL": self.redis.url,
            "HTTP_PORT": "0",
            "DATA_DIR": str(self.folder / "kept"),
        }

    async def findings(self, **changes: str) -> list[Finding]:
        environment = {**self.environment(), **changes}
        settings = load_settings(environment, self.folder / ".env", self.folder / "secrets")
        return await examine(settings, deadline=self.deadline)

    async def model_server(self, **arguments: object) -> Mapping[str, str]:
        server = await self.stack.enter_async_context(ModelServer(**arguments))  # type: ignore[arg-type]  # its own
        return {"MODEL_URL": server.url}

    async def redis_server(self, **arguments: object) -> Mapping[str, str]:
        server = await self.stack.enter_async_context(RedisServer(**arguments))  # type: ignore[arg-type]  # its own
        return {"REDIS_URL": server.url}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(DiscordServer())
        slack = await stack.enter_async_context(SlackServer())
        model = await stack.enter_async_context(ModelServer(serves=(MIXTRAL,)))
        redis = await stack.enter_async_context(RedisServer())
        yield Place(tmp_path, stack, discord, slack, model, redis)


def only(findings: list[Finding]) -> Finding:
    """The one finding that is not ok."""
    [found] = [finding for finding in findings if finding.verdict is not Verdict.OK]
    return found


def told(findings: list[Finding], verdict: Verdict, text: str, remedy: str) -> None:
    found = only(findings)
    assert text in found.text
    assert remedy in found.remedy
    assert found.verdict is verdict


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


async def test_a_model_server_that_is_down(place: Place) -> None:
    told(
        await place.findings(MODEL_URL="http://127.0.0.1:1"),
        Verdict.WRONG,
        "No model server answers at 127.0.0.1:1 (ConnectError).",
        "Start it, or correct MODEL_URL.",
    )


async def test_a_model_url_that_is_a_web_page(place: Place) -> None:
    url = await place.stack.enter_async_context(web_page())
    host = url.removeprefix("http://")
    told(
        await place.findings(MODEL_URL=f"http://user:s3cret@{host}"),
        Verdict.WRONG,
        f"{host} answers with a web page: it is no model server.",
        "MODEL_URL is the base of a model server",
    )


async def test_a_model_that_the_server_does_not_have(place: Place) -> None:
    told(
        await place.findings(MODEL_ID="mistralai/Mixtral-8x7B-Instruct"),
        Verdict.WRONG,
        "has no model named mistralai/Mixtral-8x7B-Instruct.",
        f"Set MODEL_ID={MIXTRAL}, the nearest that it has.",
    )


async def test_a_closed_model_server(place: Place) -> None:
    told(
        await place.findings(**await place.model_server(serves=(MIXTRAL,), key="k3y")),
        Verdict.WRONG,
        "wants a key (HTTP 401), and the bot has none for it.",
        "HF_TOKEN goes to Hugging Face alone.",
    )
    told(await place.findings(**await place.model_server(key="k3y")), Verdict.WRONG, "", "MODEL_API_KEY")


async def test_a_key_of_ones_own(place: Place) -> None:
    server = await place.model_server(serves=(MIXTRAL,), key="k3y")
    findings = await place.findings(**server, MODEL_API_KEY="k3y")
    assert {finding.verdict for finding in findings} == {Verdict.OK}
    told(
        await place.findings(**server, MODEL_API_KEY="wr0ng"),
        Verdict.WRONG,
        "does not accept MODEL_API_KEY (HTTP 401).",
        "Set the one that the server was started with",
    )


async def test_a_window_that_is_shorter_than_configured(place: Place) -> None:
    for server in ({"serves": (MIXTRAL,)}, {"tgi": True}):
        told(
            await place.findings(**await place.model_server(**server, window=8192)),
            Verdict.WRONG,
            "The server's window is 8192 tokens, MODEL_CONTEXT_TOKENS is 32768",
            "Set MODEL_CONTEXT_TOKENS=8192",
        )


async def test_a_protocol_that_the_server_does_not_speak(place: Place) -> None:
    told(
        await place.findings(**await place.model_server(serves=(MIXTRAL,)), MODEL_API="text"),
        Verdict.WRONG,
        "does not speak TGI's protocol.",
        "Set MODEL_API=auto.",
    )


@pytest.mark.parametrize(
    ("fault", "verdict", "text"),
    [
        (Fault(status=429), Verdict.WARNING, "is overloaded (HTTP 429)."),
        (Fault(status=503, body='{"estimated_time": 60}'), Verdict.WARNING, "is waking up."),
        (Fault(status=500), Verdict.WRONG, "(HTTP 500)"),
        (Fault(status=400), Verdict.WRONG, "gives no answer (HTTP 400)."),
        (Fault(cut_after=0), Verdict.WRONG, "No model server answers at"),
    ],
)
async def test_a_model_server_in_trouble(place: Place, fault: Fault, verdict: Verdict, text: str) -> None:
    place.model.faults = [fault, fault]
    told(await place.findings(), verdict, text, "")


async def test_a_model_that_is_slow(place: Place) -> None:
    place.model.first_after, place.deadline = 60.0, DEADLINE
    told(
        await place.findings(),
        Verdict.WARNING,
        "has no first word within 4.5 s.",
        "Is it loading the model, or busy?",
    )


@pytest.mark.parametrize(
    ("error", "text", "remedy"),
    [
        (TokenRefused("HTTP 401"), "does not accept HF_TOKEN (HTTP 401).", "huggingface.co/settings/tokens"),
        (NoCredits("HTTP 402"), "credits are used up.", "Buy some, or set MODEL_URL."),
        (UnknownModel("HTTP 404"), f"has no model named {MIXTRAL}.", "MODEL_PROVIDER=auto"),
        (ModelUnreachable("ConnectError"), "was not reached (ConnectError).", "Is there a network"),
    ],
)
def test_what_hugging_face_says(error: ModelError, text: str, remedy: str) -> None:
    access = Access(url="", token="hf_s3cret")
    model = Model(id=MIXTRAL, access=access, api="auto", provider="auto", context_tokens=32768)
    told(failure(model, SelfDescription(windows={}), error), Verdict.WRONG, text, remedy)


async def test_tgi_is_asked_in_its_own_protocol(place: Place) -> None:
    findings = await place.findings(**await place.model_server(tgi=True))
    assert "by the text protocol" in next(one.text for one in findings if one.name == "model")


@pytest.mark.parametrize(
    ("server", "verdict", "text", "remedy"),
    [
        ({"version": "5.0.14"}, Verdict.WRONG, "this Redis is older than version 6.", "6.2 or newer"),
        ({"version": "6.0.16"}, Verdict.WRONG, "this is Redis 6.0.16, which is too old.", "6.2 or newer"),
        (
            {"password": "s3cret"},
            Verdict.WRONG,
            "Redis wants a password, and REDIS_URL",
            "redis://:PASSWORD@",
        ),
        ({"replica": True}, Verdict.WRONG, "takes no value (ReadOnlyError)", "set REDIS_URL to its primary"),
        (
            {"maxmemory_policy": "allkeys-lru", "maxmemory": 10**9},
            Verdict.WRONG,
            "The policy is allkeys-lru: when memory is full, conversations are thrown away.",
            "Set maxmemory-policy noeviction",
        ),
        ({"maxmemory_policy": "volatile-ttl"}, Verdict.WARNING, "The policy is volatile-ttl", "noeviction"),
        ({"aof_enabled": 0}, Verdict.WARNING, "It keeps nothing on its disk", "appendonly yes"),
        ({"aof_enabled": 0, "save": "3600 1"}, Verdict.WARNING, "snapshots alone", "appendonly yes"),
        ({"aof_enabled": 0, "save": None}, Verdict.WARNING, "does not say whether", "appendonly yes"),
        ({"rdb_last_bgsave_status": "err"}, Verdict.WRONG, "Its last write to the disk", "Make room"),
        ({"maxmemory": 1_050_000}, Verdict.WARNING, "0 of 1 MiB are free.", "Raise its maxmemory"),
    ],
)
async def test_a_redis_that_is_not_as_it_should_be(
    place: Place, server: dict[str, object], verdict: Verdict, text: str, remedy: str
) -> None:
    told(await place.findings(**await place.redis_server(**server)), verdict, text, remedy)


async def test_a_wrong_redis_password(place: Place) -> None:
    server = await place.stack.enter_async_context(RedisServer(password="right"))
    for password, verdicts in (("right", [Verdict.OK] * 4), ("wr0ng", [Verdict.WRONG])):
        findings = await place.findings(REDIS_URL=f"redis://:{password}@127.0.0.1:{server.port}")
        assert [one.verdict for one in findings if one.name.startswith("redis")] == verdicts
        assert password not in str(findings)


async def test_a_redis_that_is_down(place: Place) -> None:
    told(
        await place.findings(REDIS_URL="redis://:s3cret@127.0.0.1:1/0"),
        Verdict.WRONG,
        "REDIS_URL: 127.0.0.1:1: no Redis answers there (ConnectionError).",
        "Is it running, and are host and port right?",
    )


async def test_without_a_redis_it_says_what_would_be_started(place: Place) -> None:
    findings = await place.findings(REDIS_URL="")
    [found] = [one for one in findings if one.name == "redis"]
    assert found.verdict is Verdict.OK or "set REDIS_URL" in found.remedy
    assert not (place.folder / "kept").exists()


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
    broken = settings.model_copy(update={"model_url": "http://localhost:99999"})
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
