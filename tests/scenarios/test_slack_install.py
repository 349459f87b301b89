"""The installed program in two Slack workspaces, into which it is installed by OAuth, as browsers do it."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import yarl

from adapters.platforms.slack.manifest import SCOPES
from tests.scenarios.bot_process import SETTLED, kill
from tests.scenarios.slack_place import Place
from tests.servers.model import ModelServer
from tests.servers.slack import Channel, Fault, SlackServer, Team

SAME = "C0SAME"
"""A channel's id that both workspaces have."""


class Workspaces(Place):
    """Two workspaces, each with a channel of the same id and a person. Nothing is installed yet."""

    def __init__(self, slack: SlackServer, model: ModelServer, folder: Path) -> None:
        super().__init__(slack, model, folder, http=True)
        self.teams = [slack.add_team(name, installed=False) for name in ("Red", "Blue")]
        self.channels = [slack.add_channel("general", team=team, id=SAME) for team in self.teams]
        self.people = [slack.add_user(f"Person of {team.name}", team=team) for team in self.teams]
        self.url = yarl.URL()

    def environment(self) -> dict[str, str]:
        return {
            "SLACK_CLIENT_ID": self.slack.oauth.client_id,
            "SLACK_CLIENT_SECRET": self.slack.oauth.client_secret,
            "SLACK_SIGNING_SECRET": self.slack.signing_secret,
            "SLACK_API_URL": self.slack.api_url,
            "MODEL_URL": self.model.url,
        }

    async def online(self, starts: int = 1) -> None:
        await super().online(starts)
        self.url = yarl.URL(self.slack.transports.events_url).origin()
        self.slack.oauth.redirect_url = str(self.url / "slack/oauth_redirect")

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[aiohttp.ClientSession]:
        """It keeps cookies, and takes the bot's address for https, as a reverse proxy makes it."""
        jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=[self.url])
        async with aiohttp.ClientSession(cookie_jar=jar) as session:
            yield session

    async def install(self, *teams: Team) -> None:
        """What an admin does: open the page, agree in Slack, come back."""
        for team in teams:
            self.slack.oauth.consents = lambda team=team: team  # type: ignore[misc]  # mypy sees no default
            async with self.browser() as browser, browser.get(self.url / "slack/install") as page:
                assert page.status == 200
                assert f"Mixtral is installed in {team.name}" in await page.text()

    async def mention(self, number: int, text: str, ts: str, thread: str = "") -> None:
        """A mention with a time of the test's own choice."""
        person, text = self.people[number].id, f"<@{self.teams[number].bot_user}> {text}"
        self.slack.world.add(self.channels[number], person, text, thread_ts=thread, ts=ts)
        event = {
            "type": "app_mention",
            "channel": SAME,
            "user": person,
            "text": text,
            "ts": ts,
            **({"thread_ts": thread} if thread else {}),
        }
        await self.slack.people.happen(self.teams[number], event)

    async def write(self, number: int, text: str) -> None:
        """A mention as a person writes it: it stays in the channel, for whoever looks there later."""
        await self.slack.people.say(self.channels[number], self.people[number], text, mention=True)

    async def says(self, channel: Channel, *texts: str) -> None:
        """Wait until these are all that the bot has answered there: in threads, as it always does."""
        await self.slack.until(
            lambda: (
                [message.text for message in self.slack.answers(channel) if message.thread_ts] == list(texts)
            ),
            timeout=SETTLED,
        )

    @property
    def log(self) -> str:
        return (self.folder / "bot.log").read_text()


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Workspaces]:
    async with SlackServer() as slack, ModelServer(lambda asked: f"You said {asked!r}.") as model:
        yield Workspaces(slack, model, tmp_path)


async def test_equal_channels_of_two_workspaces_share_no_conversation_no_setting_and_no_token(
    place: Workspaces,
) -> None:
    place.model.text = "Yes."
    async with place.bot(BOT_CHANNEL_SETTINGS="everyone"):
        await place.online()
        await place.install(*place.teams)
        assert place.slack.oauth.asked.split(",") == list(SCOPES)
        await place.slack.people.slash(place.channels[0], place.people[0], "temperature 0.3")
        first = "1795000000.000001"
        for number in (0, 1):
            await place.mention(number, f"First of {number}?", first)
            await place.says(place.channels[number], "Yes.")
        for number in (0, 1):
            await place.mention(number, f"Second of {number}?", "1795000000.000002", first)
            await place.says(place.channels[number], "Yes.", "Yes.")
    asked = {
        request.body["messages"][-1]["content"]: (
            [message["content"] for message in request.body["messages"][:-1]],
            request.body["temperature"],
        )
        for request in place.model.requests
    }
    red, blue = "Person of Red: First of 0?", "Person of Blue: First of 1?"
    assert asked == {
        red: ([], 0.3),
        blue: ([], 0.9),
        "Person of Red: Second of 0?": ([red, "Yes."], 0.3),
        "Person of Blue: Second of 1?": ([blue, "Yes."], 0.9),
    }
    posted = Counter(call.team for call in place.slack.called("chat.postMessage") if not call.error)
    assert posted == dict.fromkeys([team.id for team in place.teams], 2)


async def test_slack_can_check_the_address_before_anything_is_installed(place: Workspaces) -> None:
    asked = json.dumps({"type": "url_verification", "token": "verification", "challenge": "a-challenge"})
    headers = {"Content-Type": "application/json", **place.slack.transports.signed(asked.encode())}
    async with place.bot(), aiohttp.ClientSession() as slack:
        await place.online()
        async with slack.post(place.url / "slack/events", data=asked, headers=headers) as response:
            assert (response.status, await response.json()) == (200, {"challenge": "a-challenge"})


async def test_an_event_costs_no_call_of_the_web_api(place: Workspaces) -> None:
    async with place.bot():
        await place.online()
        await place.install(*place.teams)
        place.slack.calls.clear()
        for number in range(20):
            channel, person = place.channels[number % 2], place.people[number % 2]
            await place.slack.people.say(channel, person, "Not for the bot.")
        deliveries = place.slack.transports.deliveries
        await place.slack.until(lambda: sum(each.status == 200 for each in deliveries) == 20, timeout=SETTLED)
    assert not place.slack.calls


async def test_an_installation_comes_back_once_and_to_its_own_browser(place: Workspaces) -> None:
    place.slack.oauth.consents = lambda: place.teams[0]
    async with place.bot():
        await place.online()
        async with place.browser() as browser, place.browser() as another:
            async with browser.get(place.url / "slack/install", allow_redirects=False) as response:
                authorize, cookies = response.headers["Location"], dict(response.cookies)
            async with browser.get(authorize, allow_redirects=False) as response:
                back = yarl.URL(response.headers["Location"], encoded=True)

            async def come(with_: aiohttp.ClientSession, url: yarl.URL) -> tuple[int, str]:
                async with with_.get(url) as response:
                    return response.status, await response.text()

            async with another.get(place.url / "slack/install", allow_redirects=False):
                refused = [await come(another, back), await come(browser, back.update_query(state="made-up"))]
            browser.cookie_jar.update_cookies(cookies, place.url)
            assert (await come(browser, back))[0] == 200
            refused.append(await come(browser, back))
            browser.cookie_jar.update_cookies(cookies, place.url)
            refused.append(await come(browser, back))
            refused.append(await come(browser, place.url / "slack/oauth_redirect"))
    for status, page in refused:
        assert status in {400, 401}
        assert "opened a second time, too late, or in another browser. Nothing was changed." in page
    assert len(place.slack.called("oauth.v2.access")) == 1


async def test_who_says_no_and_what_slack_refuses_is_told_in_words(place: Workspaces) -> None:
    async with place.bot(SLACK_CLIENT_SECRET="not-the-secret"):
        await place.online()
        async with place.browser() as browser:
            async with browser.get(place.url / "slack/install") as page:
                assert "It was not allowed in Slack. Nothing was changed." in await page.text()
            place.slack.oauth.consents = lambda: place.teams[0]
            async with browser.get(place.url / "slack/install") as page:
                assert "Slack did not confirm the installation." in await page.text()
            forged = {"error": "<script>alert(1)</script>"}
            async with browser.get(place.url / "slack/oauth_redirect", params=forged) as page:
                assert "&lt;script&gt;" in await page.text()
                assert "<script>" not in await page.text()
    assert "compare SLACK_CLIENT_ID and SLACK_CLIENT_SECRET" in place.log
    assert "not-the-secret" not in place.log
    assert "code-" not in place.log


async def test_a_token_is_renewed_before_it_is_over_and_once(place: Workspaces) -> None:
    red = place.teams[0]
    place.model.text = "Yes."
    async with place.bot() as bot:
        await place.online()
        place.slack.oauth.rotation = 1800
        await place.install(red)
        first, place.slack.oauth.rotation = red.bot_token, 43200
        await asyncio.gather(*(place.write(0, f"{n}?") for n in range(1, 5)))
        await place.says(place.channels[0], *["Yes."] * 4)
        assert red.bot_token != first
        await kill(bot)
    async with place.bot():
        await place.online(2)
        await place.write(0, "Again?")
        await place.says(place.channels[0], *["Yes."] * 5)
    assert place.slack.oauth.rotated == 1
    assert {call.error for call in place.slack.calls} <= {"", "ratelimited"}
    assert first not in place.log
    assert red.bot_token not in place.log


async def test_while_a_token_can_not_be_renewed_the_old_one_goes_on(place: Workspaces) -> None:
    place.slack.oauth.rotation, place.model.text = 1800, "Yes."
    async with place.bot():
        await place.online()
        await place.install(place.teams[0])
        place.slack.fail(Fault(method="oauth.v2.access", status=503, html="<html>"))
        await place.mention(0, "Really?", "1795000000.000001")
        await place.says(place.channels[0], "Yes.")
    assert place.slack.oauth.rotated == 0
    assert "was not renewed, trying on" in place.log


async def test_a_token_that_ran_out_while_the_bot_was_away_is_renewed_first(place: Workspaces) -> None:
    red, place.model.text = place.teams[0], "Yes."
    async with place.bot() as bot:
        await place.online()
        place.slack.oauth.rotation = 1
        await place.install(red)
        await kill(bot)
    async with place.bot():
        await place.online(2)
        await asyncio.sleep(max(0, red.token_over_at - time.time()))
        place.slack.oauth.rotation = 43200
        place.slack.fail(Fault(method="oauth.v2.access", status=503, html="<html>"))
        await place.mention(0, "Still there?", "1795000000.000001")
        await place.says(place.channels[0], "Yes.")
    assert "a delivery has to wait" in place.log


async def test_installations_outlive_the_process_and_end_with_the_uninstallation(place: Workspaces) -> None:
    red, blue = place.teams
    place.model.text = "Yes."
    async with place.bot() as bot:
        await place.online()
        await place.install(red, blue)
        await kill(bot)
    async with place.bot():
        await place.online(2)
        for number in (0, 1):
            await place.mention(number, "There?", "1795000000.000001")
            await place.says(place.channels[number], "Yes.")
        uninstalled = place.slack.people.envelope(red, {"type": "app_uninstalled"})
        await place.slack.people.uninstall(red)
        asked = len(place.model.requests)
        await place.mention(0, "And now?", "1795000000.000002")
        await place.mention(1, "And you?", "1795000000.000003")
        await place.says(place.channels[1], "Yes.", "Yes.")
        assert len(place.model.requests) == asked + 1
        await place.install(red)
        # Slack says it once more, as it does when an acknowledgement was lost.
        await place.slack.transports.deliver(
            "event", uninstalled | {"event_time": uninstalled["event_time"] - 60}
        )
        await place.mention(0, "Back?", "1795000000.000004")
        await place.says(place.channels[0], "Yes.", "Yes.")
