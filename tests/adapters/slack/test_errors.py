"""What goes wrong at Slack, as the bot's own errors, over a real connection to a server that fails."""

from collections.abc import Mapping

import pytest

from adapters.platforms.slack.client import Client, until_reached
from adapters.platforms.slack.errors import DEFAULT_PAUSE, Refused, SlackRefused, refusal
from adapters.platforms.slack.refusals import REFUSALS, Kind, Refusal
from bot.errors import (
    AccessLost,
    ContentRefused,
    Forbidden,
    Gone,
    PlatformError,
    PlatformFailed,
    StoreUnavailable,
    TooFast,
)
from tests.adapters.slack.memory_client import Known
from tests.adapters.slack.recorded import TEAM
from tests.servers.slack import Fault, SlackServer

METHOD = "chat.update"


async def raised(fault: Fault) -> PlatformError:
    """What a call raises at which this goes wrong."""
    async with SlackServer() as server:
        server.fail(fault)
        api = Client(Known(), server.api_url)
        try:
            with pytest.raises(PlatformError) as found:
                await api(TEAM, METHOD, channel="C1", ts="1.1", markdown_text="A secret text.")
        finally:
            await api.close()
    assert "secret" not in str(found.value)
    return found.value


ERRORS: Mapping[Kind, type[PlatformError]] = {
    Kind.ACCESSORY: ContentRefused,
    Kind.TEXT: ContentRefused,
    Kind.BLOCKED: ContentRefused,
    Kind.PLACE: Forbidden,
    Kind.APP: Forbidden,
    Kind.ACCESS: AccessLost,
    Kind.GONE: Gone,
    Kind.TOO_FAST: TooFast,
    Kind.FAILING: PlatformFailed,
}


@pytest.mark.parametrize("row", [row for row in REFUSALS.values() if row.code != "html"], ids=str)
async def test_every_refusal_of_the_table_has_its_kind_its_reason_and_its_remedy(
    row: Refusal,
) -> None:
    error = await raised(Fault(method=METHOD, error=row.code))
    assert type(error).__mro__.count(ERRORS[row.kind]) == 1
    if isinstance(error, ContentRefused):
        assert error.blocked is (row.kind is Kind.BLOCKED)
    if not isinstance(error, TooFast):
        assert row.code in str(error)
        assert row.meaning in str(error)
        assert row.remedy in str(error)


async def test_what_this_version_does_not_know_is_not_tried_for_minutes() -> None:
    error = await raised(Fault(method=METHOD, error="a_new_one"))
    assert isinstance(error, ContentRefused)
    assert not error.blocked
    assert "a_new_one" in str(error)


async def test_a_scope_that_is_missing_is_named() -> None:
    error = await raised(Fault(method=METHOD, error="missing_scope", needed="chat:write"))
    assert "chat:write" in str(error)
    assert "Bot Token Scopes" in str(error)


@pytest.mark.parametrize(
    "fault",
    [
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
    api = Client(Known(), "http://127.0.0.1:1/api/")
    with pytest.raises(PlatformFailed, match="Slack was not reached: ClientConnectorError"):
        await api(TEAM, METHOD)
    await api.close()


async def test_where_the_bot_is_not_installed_nothing_is_asked() -> None:
    async with SlackServer() as server:
        api = Client(Known(), server.api_url)
        with pytest.raises(Refused, match="not_installed"):
            await api("T02ELSEWHERE", METHOD)
        assert not server.calls
        await api.close()


async def test_an_installation_that_cannot_be_read_passes() -> None:
    known = Known()
    known.fault = StoreUnavailable("no answer")
    api = Client(known, "http://127.0.0.1:1/api")
    with pytest.raises(PlatformFailed, match="could not be read"):
        await api(TEAM, METHOD)


async def test_each_call_has_its_workspaces_token_and_a_pool_of_its_own() -> None:
    async with SlackServer() as server:
        api = Client(Known(), server.api_url.removesuffix("/"))
        with pytest.raises(Refused, match="invalid_auth"):
            await api(TEAM, "auth.test")
        server.team.bot_token = "xoxb-lamp"
        assert (await api(TEAM, "auth.test"))["team_id"] == server.team.id
        assert api.sdk.session is api.session
        await api.close()


@pytest.mark.looptime
async def test_what_passes_is_tried_until_it_works_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    tries = 0

    async def attempt() -> None:
        nonlocal tries
        tries += 1
        if tries < 12:
            raise PlatformFailed("Slack was not reached: TimeoutError")

    await until_reached(attempt, "http://slack.test/api/")
    assert tries == 12
    assert len(caplog.records) == 1


async def test_what_slack_refuses_is_not_tried_again() -> None:
    async def attempt() -> None:
        raise SlackRefused("Slack does not accept SLACK_BOT_TOKEN")

    with pytest.raises(SlackRefused):
        await until_reached(attempt, "http://slack.test/api/")


@pytest.mark.parametrize(
    "code",
    ["token_revoked", "invalid_auth", "account_inactive", "missing_scope", "not_authed", "token_expired"],
)
def test_what_is_refused_to_the_bot_itself_is_no_fault_of_a_place(code: str) -> None:
    assert isinstance(refusal(code), AccessLost)
    assert not isinstance(refusal("is_archived"), AccessLost)
    assert not isinstance(refusal("access_denied"), AccessLost)
