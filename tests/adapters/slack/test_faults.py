"""What goes wrong at Slack, as the bot's own errors, over a real connection to a server that fails."""

import pytest

from adapters.platforms.slack.api import Api, patiently
from adapters.platforms.slack.faults import DEFAULT_PAUSE, PASSING, TOKEN_ERRORS, Refused, SlackRefused
from bot.errors import Gone, PlatformError, PlatformFailed, StoreUnavailable, TooFast
from tests.adapters.slack.memory_api import Known
from tests.adapters.slack.recorded import TEAM
from tests.servers.slack import Fault, SlackServer

METHOD = "chat.update"


async def raised(fault: Fault) -> PlatformError:
    """What a call raises at which this goes wrong."""
    async with SlackServer() as server:
        server.fail(fault)
        api = Api(Known(), server.api_url)
        try:
            with pytest.raises(PlatformError) as found:
                await api(TEAM, METHOD, channel="C1", ts="1.1", markdown_text="A secret text.")
        finally:
            await api.close()
    assert "secret" not in str(found.value)
    return found.value


@pytest.mark.parametrize(
    "code", ["msg_too_long", "is_archived", "not_in_channel", "a_new_one", *sorted(TOKEN_ERRORS)]
)
async def test_a_refusal_ends_the_answer_and_says_why(code: str) -> None:
    error = await raised(Fault(method=METHOD, error=code))
    assert isinstance(error, Refused)
    assert isinstance(error, Gone)
    assert (error.code, str(error)) == (code, f"Slack answered 200, {code}")


@pytest.mark.parametrize(
    "fault",
    [
        *(Fault(method=METHOD, error=code) for code in sorted(PASSING)),
        Fault(method=METHOD, error="whatever", status=500),
        Fault(method=METHOD, html="<html>Bad gateway</html>", status=502),
        Fault(method=METHOD, html="<html>Service unavailable</html>", status=503),
    ],
    ids=lambda fault: fault.error or str(fault.status),
)
async def test_slacks_own_troubles_pass(fault: Fault) -> None:
    assert isinstance(await raised(fault), PlatformFailed)


@pytest.mark.parametrize(
    ("headers", "pause"),
    [({"Retry-After": "7"}, 7.0), ({}, DEFAULT_PAUSE), ({"Retry-After": "soon"}, DEFAULT_PAUSE)],
)
async def test_too_fast_says_for_how_long(headers: dict[str, str], pause: float) -> None:
    error = await raised(Fault(method=METHOD, status=429, headers=headers))
    assert isinstance(error, TooFast)
    assert error.retry_after == pause


async def test_too_fast_is_said_with_a_page_of_html_too() -> None:
    error = await raised(Fault(method=METHOD, status=429, html="<html/>", headers={"Retry-After": "7"}))
    assert isinstance(error, TooFast)


async def test_a_page_of_html_in_place_of_an_answer_is_a_refusal() -> None:
    error = await raised(Fault(method=METHOD, html="<html>A secret proxy.</html>"))
    assert isinstance(error, Refused)
    assert error.code == "html"


async def test_a_slack_that_is_not_there_passes() -> None:
    api = Api(Known(), "http://127.0.0.1:1/api/")
    with pytest.raises(PlatformFailed, match="Slack was not reached: ClientConnectorError"):
        await api(TEAM, METHOD)
    await api.close()


async def test_where_the_bot_is_not_installed_nothing_is_asked() -> None:
    async with SlackServer() as server:
        api = Api(Known(), server.api_url)
        with pytest.raises(Refused, match="not_installed"):
            await api("T02ELSEWHERE", METHOD)
        assert not server.calls
        await api.close()


async def test_an_installation_that_cannot_be_read_passes() -> None:
    known = Known()
    known.fault = StoreUnavailable("no answer")
    api = Api(known, "http://127.0.0.1:1/api")
    with pytest.raises(PlatformFailed, match="could not be read"):
        await api(TEAM, METHOD)


async def test_each_call_has_its_workspaces_token_and_a_pool_of_its_own() -> None:
    async with SlackServer() as server:
        api = Api(Known(), server.api_url.removesuffix("/"))
        with pytest.raises(Refused, match="invalid_auth"):
            await api(TEAM, "auth.test")
        server.team.bot_token = "xoxb-lamp"
        assert (await api(TEAM, "auth.test"))["team_id"] == server.team.id
        assert api.client.session is api.session
        await api.close()


@pytest.mark.looptime
async def test_what_passes_is_tried_until_it_works_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    tries = 0

    async def attempt() -> None:
        nonlocal tries
        tries += 1
        if tries < 12:
            raise PlatformFailed("Slack was not reached: TimeoutError")

    await patiently(attempt, "http://slack.test/api/")
    assert tries == 12
    assert len(caplog.records) == 1


async def test_what_slack_refuses_is_not_tried_again() -> None:
    async def attempt() -> None:
        raise SlackRefused("Slack does not accept SLACK_BOT_TOKEN")

    with pytest.raises(SlackRefused):
        await patiently(attempt, "http://slack.test/api/")
