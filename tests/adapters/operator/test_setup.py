"""`mixtral-bot setup`: at a terminal, and from a script."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.program import at_terminal, outcome
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer
from tests.servers.slack import SlackServer
from tests.servers.web_page import web_page
from tests.terminal import CTRL_C, CTRL_D, Terminal

MIXTRAL = "mixtral:8x7b-instruct-v0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder without a `.env`, and the servers that answers are checked with."""

    folder: Path
    discord: DiscordServer
    slack: SlackServer
    model: ModelServer

    @property
    def env_file(self) -> Path:
        return self.folder / ".env"

    def environment(self, changes: Mapping[str, str]) -> dict[str, str]:
        return {
            "DISCORD_API_URL": self.discord.rest_url,
            "SLACK_API_URL": self.slack.api_url,
            "HTTP_PORT": "0",
            **changes,
        }

    def at_terminal(self, *options: str, **changes: str) -> AbstractAsyncContextManager[Terminal]:
        return at_terminal("setup", *options, folder=self.folder, environment=self.environment(changes))

    async def script(self, *options: str, typed: str = "", **changes: str) -> tuple[int, str]:
        """Its exit code and what it says, where nobody is at a terminal."""
        ended = await outcome(
            "setup", *options, folder=self.folder, environment=self.environment(changes), typed=typed
        )
        return ended.code, ended.said


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with AsyncExitStack() as stack:
        yield Place(
            folder=tmp_path,
            discord=await stack.enter_async_context(DiscordServer()),
            slack=await stack.enter_async_context(SlackServer()),
            model=await stack.enter_async_context(ModelServer(serves=(MIXTRAL, "llama3:8b"), window=8192)),
        )


async def test_discord_and_a_server_from_nothing(place: Place) -> None:
    async with place.at_terminal() as window:
        await window.see("web: The page in the browser")
        await window.see("Several with commas (discord, slack, web) (web)")
        window.type("irc")
        await window.see("irc is none of them.")
        window.type("discord")
        await window.see("https://discord.com/developers/applications")
        await window.see("DISCORD_TOKEN (it stays unseen)")
        window.type("wr0ng")
        await window.see("Discord does not accept DISCORD_TOKEN.")
        await window.see("Take it all the same? [y/n] (n)")
        window.type("")
        await window.see("DISCORD_TOKEN (it stays unseen)")
        window.type(f"'{place.discord.token}' ")
        await window.see("There was a blank before or after it: left out.")
        await window.see("There were quotes around it: left out.")
        await window.see("The bot is mixtral")
        await window.see(f"client_id={place.discord.world.application}&scope=bot+applications.commands")
        await window.see("Who answers? [server/huggingface/dry-run] (dry-run)")
        window.type("server")
        await window.see("The server's URL (http://localhost:8000)")
        window.type(place.model.url.removeprefix("http://"))
        await window.see(f"answers; it has {MIXTRAL}, llama3:8b.")
        await window.see(f"({MIXTRAL})")
        window.type("")
        await window.see("Its window is 8192 tokens")
        await window.see("the same words again (seed 42).")
        await window.see("each from another seed? [y/n] (y)")
        window.type("")
        await window.see(f"Write {place.env_file}? [y/n] (y)")
        assert not place.env_file.exists()
        window.type("")
        await window.see("Every variable is known and in its range; .env is read.")
        await window.see("To start the bot: make run")
        assert await window.ended() == 0
        assert place.discord.token not in window.shown
    assert place.env_file.stat().st_mode & 0o777 == 0o600
    assert place.env_file.read_text().splitlines()[1:] == [
        f"DISCORD_TOKEN={place.discord.token}",
        f"MODEL_URL={place.model.url}",
        f"MODEL_ID={MIXTRAL}",
        "MODEL_CONTEXT_TOKENS=8192",
        "BOT_MAX_NEW_TOKENS=1024",
        "BOT_SEED=random",
    ]


async def test_enter_where_a_token_is_needed_is_answered_and_asks_again(place: Place) -> None:
    async with place.at_terminal("discord") as window:
        await window.see("DISCORD_TOKEN (it stays unseen)")
        window.type("")
        await window.see("Nothing was typed, and this needs DISCORD_TOKEN.")
        await window.see("DISCORD_TOKEN (it stays unseen)")
        window.press(CTRL_C)
        await window.see("Nothing was written.")


async def test_what_nobody_was_asked_is_said_with_the_answer_that_was_taken(place: Place) -> None:
    code, said = await place.script("--yes")
    assert code == 0
    assert "\nDiscord\nShall the bot answer on Discord? no\n" in said
    assert "\nSlack\nShall the bot answer on Slack? no\n" in said
    assert "\nThe model\nWho answers? dry-run\n" in said


async def test_slack_gets_its_manifest_and_tells_its_tokens_apart(place: Place) -> None:
    async with place.at_terminal("--no-discord", "--model", "dry-run") as window:
        await window.see("answer on Slack? [y/n] (n)")
        window.type("y")
        await window.see("agent_session_stopped")
        await window.see("https://api.slack.com/apps?new_app=1")
        await window.see("SLACK_BOT_TOKEN (it stays unseen)")
        window.type(place.slack.app_token)
        await window.see("SLACK_BOT_TOKEN begins with xoxb-: this is another kind of token.")
        await window.see("SLACK_BOT_TOKEN (it stays unseen)")
        window.type(place.slack.team.bot_token)
        await window.see("The bot is in the workspace Local.")
        await window.see("SLACK_APP_TOKEN (it stays unseen)")
        window.type(place.slack.app_token)
        await window.see("Slack opens a connection for Socket Mode.")
        await window.see("[y/n] (y)")
        window.type("")
        assert await window.ended() == 0
    assert place.env_file.read_text().splitlines()[1:] == [
        f"SLACK_BOT_TOKEN={place.slack.team.bot_token}",
        f"SLACK_APP_TOKEN={place.slack.app_token}",
    ]


async def test_what_stands_there_is_kept_and_nothing_changes_unasked(place: Place) -> None:
    before = f"# mine\nDISCORD_TOKEN={place.discord.token}\nMODEL_URL=http://127.0.0.1:1\nLOG_LEVEL=DEBUG\n"
    for answer, exit_code, after in (
        ("n", 1, before),
        ("y", 0, before.replace("http://127.0.0.1:1", place.model.url)),
    ):
        place.env_file.write_text(before)
        options = ("--model-url", place.model.url, "--model-id", MIXTRAL, "--no-longer")
        async with place.at_terminal(*options) as window:
            await window.see("answer on Discord? [y/n] (y)")
            window.type("")
            await window.see("Enter keeps the one that is there")
            window.type("")
            await window.see("answer on Slack? [y/n] (n)")
            window.type("")
            await window.see(f"MODEL_URL: {place.model.url}, in place of http://127.0.0.1:1")
            await window.see(f"Change {place.env_file}? [y/n] (y)")
            window.type(answer)
            assert await window.ended() == exit_code
            assert place.discord.token not in window.shown
        assert (
            place.env_file.read_text().removesuffix(f"MODEL_ID={MIXTRAL}\nMODEL_CONTEXT_TOKENS=8192\n")
            == after
        )


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
@pytest.mark.parametrize("question", ["Several", "DISCORD_TOKEN (it", "Who answers?", "Change"])
async def test_ctrl_c_anywhere_leaves_everything_as_it_was(place: Place, question: str, key: str) -> None:
    before = "LOG_LEVEL=DEBUG\n"
    place.env_file.write_text(before)
    answers = {"Several": "discord", "DISCORD_TOKEN (it": place.discord.token}
    async with place.at_terminal() as window:
        for asked in ("Several", "DISCORD_TOKEN (it", "Who answers?", "Change"):
            await window.see(asked)
            await window.see(": ")
            if asked == question:
                break
            window.type(answers.get(asked, ""))
        await window.waits()
        window.press(key)
        await window.see("Nothing was written.")
        assert await window.ended() == 130
        assert window.echoes()
        assert "Traceback" not in window.shown
    assert [file.name for file in place.folder.iterdir()] == [".env"]
    assert place.env_file.read_text() == before


async def test_one_thing_changes_and_the_others_stay(place: Place) -> None:
    before = f"DISCORD_TOKEN={place.discord.token}\nMODEL_URL=http://127.0.0.1:1\n"
    place.env_file.write_text(before)
    async with place.at_terminal() as window:
        await window.see("Set up already: Discord, a model.")
        await window.see("What shall change? [discord/slack/web/model/all] (all)")
        window.type("web")
        await window.see("Shall other machines reach it, too, with a password? [y/n] (n)")
        window.type("y")
        await window.see("WEB_PASSWORD (it stays unseen)")
        window.type("short")
        await window.see("it must be a password of 8 letters or more")
        await window.see("WEB_PASSWORD (it stays unseen)")
        window.type("correct horse")
        await window.see("WEB_PASSWORD: a text of 13 letters")
        await window.see("[y/n] (y)")
        window.type("")
        await window.ended()
        assert "correct horse" not in window.shown
    kept = place.env_file.read_text()
    assert kept == f"{before}WEB_HOST=0.0.0.0\nWEB_PASSWORD='correct horse'\n"


async def test_a_script_opens_the_page_and_closes_it_again(place: Place) -> None:
    others = ("--no-discord", "--no-slack", "--model", "dry-run", "--yes", "--web-password")
    await place.script(*others, "-", typed="correct horse\n")
    assert place.env_file.read_text().splitlines()[1:] == ["WEB_HOST=0.0.0.0", "WEB_PASSWORD='correct horse'"]
    code, said = await place.script("web", "--web", "--yes")
    assert "Shall other machines reach it, too, with a password? yes" in said
    code, said = await place.script("--no-discord", "--no-slack", "--model", "dry-run", "--yes", "--no-web")
    assert "WEB_PORT=0" in place.env_file.read_text()
    code, said = await place.script("irc")
    assert code == 2
    assert "irc is none of discord, slack, web, model." in said


async def test_ctrl_c_during_a_check(place: Place) -> None:
    def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take the connection, and say nothing."""

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with place.at_terminal("--no-discord", "--no-slack", "--model-url", url) as window:
            await window.see("The model\n")
            window.press(CTRL_C)
            await window.see("Nothing was written.")
            assert await window.ended() == 130
    assert not place.env_file.exists()


async def test_the_browser_shows_the_pages_where_there_is_a_display(place: Place) -> None:
    browser, seen = place.folder / "browser", place.folder / "seen"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {seen}\n')
    browser.chmod(0o755)
    for changes, pages in (({"SSH_CONNECTION": "1"}, 0), ({}, 1)):
        async with place.at_terminal(
            "--model", "dry-run", DISPLAY=":0", BROWSER=f"{browser} %s", **changes
        ) as window:
            await window.see("Discord?")
            window.type("n")
            await window.see("Slack?")
            window.type("y")
            await window.see("SLACK_BOT_TOKEN (it")
            window.press(CTRL_C)
            await window.ended()
        shown = seen.read_text().splitlines() if seen.exists() else []
        assert len(shown) == pages
    assert shown[0].startswith("https://api.slack.com/apps?new_app=1&manifest_json=%7B%22display_information")


async def test_a_script_gives_every_answer_as_an_option(place: Place) -> None:
    code, said = await place.script(
        "--discord-token",
        "-",
        "--no-slack",
        "--model-url",
        place.model.url,
        "--model-id",
        MIXTRAL,
        typed=f"{place.discord.token}\n",
    )
    assert code == 0, said
    assert place.discord.token not in said
    assert place.env_file.read_text().splitlines()[1:] == [
        f"DISCORD_TOKEN={place.discord.token}",
        f"MODEL_URL={place.model.url}",
        f"MODEL_ID={MIXTRAL}",
        "MODEL_CONTEXT_TOKENS=8192",
    ]


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ((), "--discord or --no-discord is missing"),
        (("--discord",), "--discord-token is missing"),
        (("--no-discord",), "--slack or --no-slack is missing"),
        (("--no-discord", "--slack"), "--slack-bot-token is missing"),
        (("--no-discord", "--no-slack"), "--model is missing"),
        (("--no-discord", "--no-slack", "--model", "server"), "--model-url is missing"),
        (("--no-discord", "--no-slack", "--model-url", "SERVER"), "--model-id is missing"),
        (("--no-discord", "--no-slack", "--model", "huggingface"), "--hf-token is missing"),
    ],
)
async def test_a_script_is_told_which_option_is_missing(
    place: Place, options: tuple[str, ...], missing: str
) -> None:
    code, said = await place.script(*(place.model.url if one == "SERVER" else one for one in options))
    assert code == 1
    assert f"{missing}, and nobody is there to be asked:" in said
    assert not place.env_file.exists()


async def test_a_script_changes_a_file_with_yes_alone(place: Place) -> None:
    place.env_file.write_text("DATA_DIR=kept\n")
    options = ("--discord-token", place.discord.token, "--no-slack", "--model", "dry-run")
    code, said = await place.script(*options)
    assert code == 1
    assert "--yes is missing, and nobody is there to be asked: Change" in said
    assert place.env_file.read_text() == "DATA_DIR=kept\n"
    code, said = await place.script(*options, "--yes")
    assert code == 0, said
    assert place.env_file.read_text() == f"DATA_DIR=kept\nDISCORD_TOKEN={place.discord.token}\n"
    code, said = await place.script("--yes")
    assert code == 0, said
    assert "Nothing changes." in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--discord-token", "wr0ng"), "Discord does not accept DISCORD_TOKEN."),
        (("--discord-token", "two words"), "DISCORD_TOKEN is a text of 9 letters with blanks in it"),
        (("--slack-bot-token", "xoxb-wr0ng"), "Slack does not accept SLACK_BOT_TOKEN"),
        (("--model-url", "http://127.0.0.1:1"), "No model server answers at 127.0.0.1:1"),
        (("--model-url", "http://"), "MODEL_URL is a text of 7 letters; it must be a URL"),
        (("--model-url", "PAGE"), "answers with a web page: it is no model server."),
        (
            ("--model-url", "MODEL", "--model-id", "mistralai/Mixtral-8x7B-Instruct-v0.1"),
            f"no model named mistralai/Mixtral-8x7B-Instruct-v0.1. The nearest that it has is {MIXTRAL}.",
        ),
    ],
)
async def test_a_script_with_a_wrong_answer_writes_nothing(
    place: Place, options: tuple[str, ...], said: str
) -> None:
    others = {"--discord-token": ("--no-slack",), "--slack-bot-token": ("--no-discord",)}
    more = others.get(options[0], ("--no-discord", "--no-slack"))
    async with web_page() as url:
        addresses = {"MODEL": place.model.url, "PAGE": url}
        code, told = await place.script(*(addresses.get(one, one) for one in options), *more, "--yes")
    assert code == 1, told
    assert said in told
    assert f"{options[-2]} was not accepted. Nothing was written." in told
    assert "wr0ng" not in told
    assert not place.env_file.exists()


async def test_hugging_face_out_of_reach_is_said_and_the_token_may_be_taken(place: Place) -> None:
    async with place.at_terminal(
        "--no-discord", "--no-slack", HTTPS_PROXY="http://127.0.0.1:1", https_proxy="http://127.0.0.1:1"
    ) as window:
        await window.see("Who answers?")
        window.type("huggingface")
        await window.see("https://huggingface.co/settings/tokens")
        await window.see("HF_TOKEN (it stays unseen)")
        window.type("hf_local")
        await window.see("Hugging Face was not reached")
        await window.see("Take it all the same?")
        window.type("y")
        await window.see("each from another seed?")
        window.type("n")
        await window.see("HF_TOKEN: a text of 8 letters")
        window.type("")
        assert await window.ended() == 1
    assert place.env_file.read_text().splitlines()[1:] == ["HF_TOKEN=hf_local"]


async def test_the_environment_goes_before_the_file_and_that_is_said(place: Place) -> None:
    options = ("--discord-token", place.discord.token, "--no-slack", "--model", "dry-run")
    _, said = await place.script(*options, DISCORD_TOKEN="another")
    assert "DISCORD_TOKEN is set in the environment, too, which goes before .env: unset it there." in said
    place.env_file.unlink()
    _, said = await place.script("--yes", DISCORD_TOKEN=place.discord.token)
    assert "Nothing changes." in said
    assert not place.env_file.exists()
