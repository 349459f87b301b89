"""Many workspaces: installing over OAuth, tokens that are renewed once, and workspaces that go."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from slack_sdk.oauth.installation_store import Installation

from adapters.http import HttpServer
from adapters.platforms.slack.client import Client
from adapters.platforms.slack.errors import Refused
from adapters.platforms.slack.install_pages import INSTALL, REDIRECT
from adapters.platforms.slack.installations import (
    CACHED_SECONDS,
    KEPT,
    ROTATE_BEFORE,
    ROTATING_SECONDS,
    Installations,
    Installer,
)
from adapters.platforms.slack.states import MOST_USED, STATE_SECONDS, States, TooMany
from bot.errors import PlatformFailed, StoreUnavailable
from tests.adapters.slack.online import Notes
from tests.adapters.slack.recorded import ADA, BOT, ENTERPRISE, TEAM
from tests.servers.slack import Fault, SlackServer, Team


def installation(token: str = "xoxb-1", **changes: object) -> Installation:
    fields: dict[str, object] = {
        "app_id": "A1",
        "team_id": TEAM,
        "bot_token": token,
        "bot_id": "B1",
        "bot_user_id": BOT,
        "bot_scopes": ["chat:write"],
        "user_id": ADA,
        "user_token": "xoxp-of-a-person",
        "incoming_webhook_url": "https://hooks.slack.com/services/secret",
    }
    return Installation(**(fields | changes))  # type: ignore[arg-type]  # its parameters, by name


def installed(notes: Notes) -> Installations:
    return Installations(notes, client_id="12345.67890", client_secret="local-client-secret")


@pytest.mark.looptime
async def test_a_state_is_good_once_and_for_ten_minutes() -> None:
    states = States(Notes(), "secret", now=asyncio.get_running_loop().time)
    first, second, third = [await states.async_issue() for _ in range(3)]
    assert len({first, second, third}) == 3
    assert await states.async_consume(first)
    assert not await states.async_consume(first)
    await asyncio.sleep(STATE_SECONDS - 1)
    assert await states.async_consume(second)
    await asyncio.sleep(2)
    assert not await states.async_consume(third)
    assert not await states.async_consume("forged")


async def test_what_could_act_for_a_person_is_not_kept() -> None:
    notes = Notes()
    await installed(notes).async_save(installation())
    kept, _ = notes.kept[TEAM]
    assert set(json.loads(kept)) == set(KEPT)
    assert "xoxp" not in kept
    assert "hooks.slack.com" not in kept


async def test_an_installation_is_found_by_its_workspace() -> None:
    workspaces = installed(Notes())
    assert await workspaces.find(TEAM) is None
    await workspaces.async_save(installation())
    found = await workspaces.find(TEAM)
    assert found is not None
    assert (found.id, found.bot_token, found.bot_user) == (TEAM, "xoxb-1", BOT)


async def test_an_installation_for_an_organisation_is_found_by_the_organisation() -> None:
    workspaces = installed(Notes())
    whole = installation(enterprise_id=ENTERPRISE, team_id=None, is_enterprise_install=True)
    await workspaces.async_save(whole)
    found = await workspaces.find(ENTERPRISE)
    assert found is not None
    assert found.id == ENTERPRISE
    assert await workspaces.find(TEAM) is None


async def test_installing_again_takes_the_place_of_what_was_there_at_once() -> None:
    workspaces = installed(Notes())
    for token in ("xoxb-1", "xoxb-2"):
        await workspaces.async_save(installation(token))
        found = await workspaces.find(TEAM)
        assert found is not None
        assert found.bot_token == token


@pytest.mark.looptime
async def test_the_store_is_read_once_a_minute() -> None:
    notes = Notes()
    workspaces = installed(notes)
    await workspaces.async_save(installation())
    for _ in range(10):
        await workspaces.find(TEAM)
    assert notes.loads == 1
    await asyncio.sleep(CACHED_SECONDS + 1)
    await workspaces.find(TEAM)
    assert notes.loads == 2


@pytest.mark.looptime
async def test_a_workspace_that_threw_the_bot_out_is_gone_at_once_here_and_soon_elsewhere() -> None:
    notes = Notes()
    here, elsewhere = installed(notes), installed(notes)
    await here.async_save(installation())
    assert await here.find(TEAM)
    assert await elsewhere.find(TEAM)
    await here.remove(TEAM, time.time())
    assert await here.find(TEAM) is None
    await asyncio.sleep(CACHED_SECONDS + 1)
    assert await elsewhere.find(TEAM) is None
    assert TEAM not in notes.kept


@dataclass(frozen=True, slots=True)
class Fleet:
    """Two processes over one store, and a local Slack whose tokens end."""

    server: SlackServer
    notes: Notes
    first: Installations
    second: Installations

    async def install(self, *, seconds_left: float) -> None:
        """A token that is over in so long."""
        team = self.server.team
        team.refresh_token = "xoxe-1-first"
        await self.first.async_save(
            installation(
                team.bot_token,
                team_id=team.id,
                bot_refresh_token=team.refresh_token,
                bot_token_expires_at=int(time.time() + seconds_left),
            )
        )


@pytest.fixture
async def fleet() -> AsyncIterator[Fleet]:
    async with SlackServer(round_trip=0.05) as server:
        server.oauth.rotation = 43_200
        notes = Notes()
        processes = installed(notes), installed(notes)
        apis = [Client(each, server.api_url) for each in processes]
        for process, api in zip(processes, apis, strict=True):
            await process.prepare(api.sdk)
        yield Fleet(server, notes, *processes)
        for api in apis:
            await api.close()


async def test_a_token_is_renewed_by_one_process_and_the_others_go_on_meanwhile(fleet: Fleet) -> None:
    await fleet.install(seconds_left=ROTATE_BEFORE - 60)
    old = fleet.server.team.bot_token
    found = await asyncio.gather(*(each.find(fleet.server.team.id) for each in (fleet.first, fleet.second)))
    assert fleet.server.oauth.rotated == 1
    assert sorted(each.bot_token == old for each in found if each) == [False, True]
    third = await installed(fleet.notes).find(fleet.server.team.id)
    assert third is not None
    assert third.bot_token == fleet.server.team.bot_token
    kept = json.loads(fleet.notes.kept[fleet.server.team.id][0])
    assert kept["bot_refresh_token"] == fleet.server.team.refresh_token
    assert kept["bot_token_expires_at"] > time.time() + 40_000


async def test_a_token_that_is_good_for_longer_is_left_alone(fleet: Fleet) -> None:
    await fleet.install(seconds_left=ROTATE_BEFORE + 60)
    await fleet.first.find(fleet.server.team.id)
    assert fleet.server.oauth.rotated == 0


async def test_while_slack_does_not_renew_a_token_that_is_still_good_it_is_used(
    fleet: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    await fleet.install(seconds_left=ROTATE_BEFORE - 60)
    fleet.server.fail(Fault(method="oauth.v2.access", status=502, html="<html/>"))
    found = await fleet.first.find(fleet.server.team.id)
    assert found is not None
    assert found.bot_token == fleet.server.team.bot_token
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        f"the token of workspace {found.id} was not renewed, trying on: Slack answered 502, html"
    ]


async def test_a_token_that_is_over_is_waited_for(fleet: Fleet) -> None:
    await fleet.install(seconds_left=-1)
    assert await fleet.notes.claim(f"rotating:{fleet.server.team.id}", ROTATING_SECONDS)
    with pytest.raises(PlatformFailed, match="is being renewed"):
        await fleet.first.find(fleet.server.team.id)
    await fleet.notes.take(f"rotating:{fleet.server.team.id}")
    fleet.server.fail(Fault(method="oauth.v2.access", error="invalid_refresh_token"))
    with pytest.raises(Refused, match="invalid_refresh_token"):
        await fleet.second.find(fleet.server.team.id)


@dataclass(frozen=True, slots=True)
class Pages:
    """The bot's pages, and the browser of somebody who installs it in `team`."""

    server: SlackServer
    team: Team
    notes: Notes
    workspaces: Installations
    browser: aiohttp.ClientSession
    url: str

    async def back_from_slack(self) -> tuple[str, dict[str, str]]:
        """Begin to install and agree: the address that Slack sends the browser to, and the cookie for it."""
        async with self.browser.get(self.url + INSTALL, allow_redirects=False) as response:
            authorize, cookie = response.headers["Location"], response.headers["Set-Cookie"]
        async with self.browser.get(authorize, allow_redirects=False) as response:
            return response.headers["Location"], {"Cookie": cookie.partition(";")[0]}


@pytest.fixture
async def pages() -> AsyncIterator[Pages]:
    async with SlackServer() as server, aiohttp.ClientSession() as browser:
        team = server.add_team("Coast", installed=False)
        notes = Notes()
        workspaces = installed(notes)
        api = Client(workspaces, server.api_url)
        ids = {"client_id": server.oauth.client_id, "client_secret": server.oauth.client_secret}
        routes = Installer(api, workspaces, States(notes, "secret"), **ids).routes()
        async with HttpServer("127.0.0.1", 0, dict, routes) as http:
            url = f"http://127.0.0.1:{http.port}"
            server.oauth.redirect_url = url + REDIRECT
            server.oauth.consents = lambda: team
            yield Pages(server, team, notes, workspaces, browser, url)
        await api.close()


async def test_whoever_agrees_has_the_bot_and_the_way_back_is_good_once(pages: Pages) -> None:
    address, cookie = await pages.back_from_slack()
    async with pages.browser.get(address, headers=cookie) as response:
        assert response.status == 200
    found = await pages.workspaces.find(pages.team.id)
    assert found is not None
    assert found.bot_token == pages.team.bot_token
    async with pages.browser.get(address, headers=cookie) as response:
        assert response.status == 401


async def test_a_way_back_that_somebody_else_began_installs_nothing(pages: Pages) -> None:
    address, _ = await pages.back_from_slack()
    _, another = await pages.back_from_slack()
    for headers in ({}, another):
        async with pages.browser.get(address, headers=headers) as response:
            assert response.status == 400
    assert await pages.workspaces.find(pages.team.id) is None


async def test_a_store_that_does_not_answer_is_told_in_words(
    pages: Pages, caplog: pytest.LogCaptureFixture
) -> None:
    address, cookie = await pages.back_from_slack()
    pages.notes.fault = StoreUnavailable("no answer")
    async with pages.browser.get(address, headers=cookie) as response:
        assert response.status == 503
        assert "That did not work just now." in await response.text()
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("adapters")]
    assert lines == ["an installation could not be kept: the store does not answer"]


async def test_whoever_begins_leaves_nothing_behind_and_whoever_ends_does_not_leave_much() -> None:
    notes = Notes()
    states = States(notes, "secret")
    issued = [await states.async_issue() for _ in range(MOST_USED + 5)]
    assert notes.kept == {}
    for state in issued[:MOST_USED]:
        assert await states.async_consume(state)
    with pytest.raises(TooMany):
        await states.async_consume(issued[-1])
    assert len(notes.kept) == MOST_USED


async def test_a_state_that_nobody_issued_is_none() -> None:
    notes = Notes()
    state = await States(notes, "another secret").async_issue()
    for forged in (state, "", "a.1.b", "\ud83d", state.replace(".", "")):
        assert not await States(notes, "secret").async_consume(forged)
    assert notes.kept == {}


async def test_too_many_who_come_back_are_told_to_try_again(pages: Pages) -> None:
    address, cookie = await pages.back_from_slack()
    answers = []
    for _ in range(MOST_USED + 1):
        async with pages.browser.get(address, headers=cookie) as response:
            answers.append(response.status)
    assert (answers[0], answers[-1]) == (200, 429)
