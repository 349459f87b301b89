"""Who people are: asked for once in a while, and never waited for long."""

import asyncio

import pytest

from adapters.platforms.slack.channels import Channels
from adapters.platforms.slack.limits import (
    LOOKUPS_A_MINUTE,
    MOST_NAMES,
    PERSON_SECONDS,
    PERSON_WAIT,
    UNKNOWN_SECONDS,
)
from adapters.platforms.slack.references import SOMEBODY
from adapters.platforms.slack.translate import message_in
from adapters.platforms.slack.users import MOST_PEOPLE, Users
from adapters.platforms.slack.workspaces import Workspace
from bot.conversation.events import Author, Standing
from bot.errors import PlatformFailed
from tests.adapters.slack.gate import PEOPLE
from tests.adapters.slack.memory_client import Known, MemoryClient
from tests.adapters.slack.recorded import ADA, BOT, CHANNEL, DIRECT, GRACE, TEAM, event
from tests.fakes.budget import InMemoryBudget

pytestmark = pytest.mark.looptime

ELSEWHERE = "T02ELSEWHERE"
ENTERPRISE = "E02COAST001"


def everywhere() -> MemoryClient:
    """A Slack where the bot is installed in two workspaces and in an organisation."""
    places = (TEAM, ELSEWHERE, ENTERPRISE)
    return MemoryClient(Known(*(Workspace(id=each, bot_token="xoxb", bot_user=BOT) for each in places)))


def api_with_people() -> MemoryClient:
    api = MemoryClient()
    api.people.update(PEOPLE)
    return api


@pytest.mark.parametrize(
    ("person", "name", "locale"),
    [
        (
            {"name": "ada", "profile": {"display_name": "Ada", "real_name": "A. L."}, "locale": "de-DE"},
            "Ada",
            "de-DE",
        ),
        ({"name": "ada", "profile": {"display_name": "", "real_name": "A. L."}}, "A. L.", "en"),
        ({"name": "ada"}, "ada", "en"),
        ({}, SOMEBODY, "en"),
    ],
)
async def test_people_are_called_what_others_call_them(
    person: dict[str, object], name: str, locale: str
) -> None:
    api = MemoryClient()
    api.people[ADA] = person
    assert await Users(api, Channels(api), InMemoryBudget()).author(TEAM, ADA, DIRECT) == Author(
        id=ADA, name=name, locale=locale, realm=TEAM
    )


async def test_a_person_is_asked_for_once_an_hour() -> None:
    api = api_with_people()
    people = Users(api, Channels(api), InMemoryBudget())
    for _ in range(3):
        await people.author(TEAM, ADA, DIRECT)
    assert api.called() == ["users.info"]
    await asyncio.sleep(PERSON_SECONDS + 1)
    await people.author(TEAM, ADA, DIRECT)
    assert api.called() == ["users.info"] * 2


async def test_what_several_want_to_know_at_once_is_asked_once_whoever_gives_up() -> None:
    api = api_with_people()
    api.seconds = 0.5
    people = Users(api, Channels(api), InMemoryBudget())
    asking = [asyncio.create_task(people.author(TEAM, ADA, CHANNEL)) for _ in range(3)]
    await asyncio.sleep(0.1)
    asking[0].cancel()
    assert [author.name for author in await asyncio.gather(*asking[1:])] == ["Ada", "Ada"]
    assert sorted(api.called()) == ["conversations.info", "users.info"]


async def test_the_same_id_in_two_workspaces_is_two_people() -> None:
    api = everywhere()
    api.people.update(PEOPLE)
    people = Users(api, Channels(api), InMemoryBudget())
    await people.author(TEAM, ADA, DIRECT)
    await people.author(ELSEWHERE, ADA, DIRECT)
    assert len(api.calls) == 2


async def test_a_slow_slack_does_not_hold_a_message_up() -> None:
    api = api_with_people()
    api.seconds = 60.0
    before = asyncio.get_running_loop().time()
    assert await Users(api, Channels(api), InMemoryBudget()).author(TEAM, ADA, DIRECT) == Author(
        id=ADA, name=SOMEBODY, realm=TEAM
    )
    assert asyncio.get_running_loop().time() - before == pytest.approx(PERSON_WAIT, abs=0.01)


async def test_a_name_that_was_known_is_used_while_slack_fails() -> None:
    api = api_with_people()
    people = Users(api, Channels(api), InMemoryBudget())
    await people.author(TEAM, ADA, DIRECT)
    await asyncio.sleep(PERSON_SECONDS + 1)
    api.faults = {"users.info": [PlatformFailed("Slack answered 502")]}
    assert (await people.author(TEAM, ADA, DIRECT)).name == "Ada"


async def test_a_name_that_was_not_told_is_asked_for_again_after_a_moment() -> None:
    api = MemoryClient()
    people = Users(api, Channels(api), InMemoryBudget())
    for _ in range(2):
        assert (await people.author(TEAM, ADA, DIRECT)).name == SOMEBODY
    assert api.called() == ["users.info"]
    api.people.update(PEOPLE)
    await asyncio.sleep(UNKNOWN_SECONDS + 1)
    assert (await people.author(TEAM, ADA, DIRECT)).name == "Ada"


async def test_what_is_remembered_of_people_has_a_bound() -> None:
    api = MemoryClient()
    people = Users(api, Channels(api), InMemoryBudget())
    for number in range(MOST_PEOPLE + 1):
        api.people[f"U{number}"] = {"name": "x"}
        await people.author(TEAM, f"U{number}", DIRECT)
    await people.author(TEAM, f"U{MOST_PEOPLE}", DIRECT)
    assert len(api.calls) == MOST_PEOPLE + 1
    await people.author(TEAM, "U0", DIRECT)
    assert len(api.calls) == MOST_PEOPLE + 2


async def test_all_who_are_named_in_a_message_are_asked_for_at_once() -> None:
    api = api_with_people()
    api.seconds = 0.9
    found = message_in(
        event("message", text=f"<@{BOT}> ask <@{ADA}> and <@U02NOBODY01>"), workspace=TEAM, bot=BOT
    )
    assert found is not None
    message = await Users(api, Channels(api), InMemoryBudget()).with_names(found)
    assert (message.author.name, message.text) == ("Grace H.", "ask @Ada and @U02NOBODY01")
    assert message.author.id == GRACE
    assert sorted(api.called()) == ["conversations.info", *["users.info"] * 3]


@pytest.mark.parametrize(
    ("person", "standing"),
    [
        ({}, Standing.MEMBER),
        ({"is_admin": False, "is_owner": False, "is_primary_owner": False}, Standing.MEMBER),
        ({"is_admin": True}, Standing.WORKSPACE),
        ({"is_owner": True}, Standing.WORKSPACE),
        ({"is_primary_owner": True}, Standing.WORKSPACE),
    ],
)
async def test_who_manages_the_workspace_is_known(person: dict[str, object], standing: Standing) -> None:
    api = MemoryClient()
    api.people[ADA] = person
    assert (await Users(api, Channels(api), InMemoryBudget()).author(TEAM, ADA, CHANNEL)).standing is standing


async def test_whoever_made_a_channel_manages_it_and_no_other() -> None:
    api = api_with_people()
    api.channels = {CHANNEL: {"creator": GRACE}, "C02OTHER001": {"creator": ADA}}
    people = Users(api, Channels(api), InMemoryBudget())
    assert (await people.author(TEAM, GRACE, CHANNEL)).standing is Standing.CHANNEL
    assert (await people.author(TEAM, GRACE, "C02OTHER001")).standing is Standing.MEMBER
    # An admin stays one in a channel of their own.
    assert (await people.author(TEAM, ADA, "C02OTHER001")).standing is Standing.WORKSPACE


async def test_channels_that_everybody_may_know_have_names_as_people_have() -> None:
    api = api_with_people()
    api.channels |= {
        "C1": {"id": "C1", "name": "ops"},
        "C2": {"id": "C2", "name": "board", "is_private": True},
        "C3": {"id": "C3", "name": "mpdm-ada--grace-1", "is_mpim": True},
    }
    names = await Users(api, Channels(api), InMemoryBudget()).names(
        TEAM, ["C1", "C2", "C3", "C4", ADA, "U404"]
    )
    assert names == {"C1": "ops", ADA: "Ada"}


async def test_of_three_thousand_mentions_the_first_are_asked_for_and_the_rest_stay_as_they_are() -> None:
    api = api_with_people()
    users = [f"U{number:05}" for number in range(3000)]
    api.people |= {each: {"id": each, "team_id": TEAM, "name": f"name of {each}"} for each in users}
    people = Users(api, Channels(api), InMemoryBudget())
    text = f"<@{BOT}> " + " ".join(f"<@{each}>" for each in reversed(users))
    found = message_in(event("message", text=text), workspace=TEAM, bot=BOT)
    assert found is not None
    said = await people.with_names(found)
    assert len(api.called("users.info")) == MOST_NAMES + 1  # and who wrote it
    first = [f"@name of {each}" for each in users[: -MOST_NAMES - 1 : -1]]
    rest = [f"@{each}" for each in users[-MOST_NAMES - 1 :: -1]]
    assert said.text == " ".join((*first, *rest))


async def test_names_that_are_known_are_not_asked_for_again_and_make_room_for_others() -> None:
    api = api_with_people()
    api.people |= {f"U{number}": {"name": "x"} for number in range(2 * MOST_NAMES)}
    people = Users(api, Channels(api), InMemoryBudget())
    asked = list(api.people)[: 2 * MOST_NAMES]
    assert len(await people.names(TEAM, asked)) == MOST_NAMES
    assert len(await people.names(TEAM, asked)) == 2 * MOST_NAMES
    assert len(api.called("users.info")) == 2 * MOST_NAMES


async def test_all_messages_have_one_budget_for_names_and_who_speaks_is_known_without_it() -> None:
    api = api_with_people()
    people = Users(api, Channels(api), InMemoryBudget())
    for message in range(10):
        await people.names(TEAM, [f"U{message}N{number}" for number in range(1000)])
    assert len(api.called("users.info")) == LOOKUPS_A_MINUTE
    assert (await people.author(TEAM, ADA, DIRECT)).name == "Ada"


def employee(*teams: str, **roles: bool) -> dict[str, object]:
    """Somebody of the organisation, as Slack tells of them."""
    return {"team_id": TEAM, "enterprise_user": {"enterprise_id": ENTERPRISE, "teams": teams, **roles}}


@pytest.mark.parametrize(
    ("workspace", "person"),
    [
        (TEAM, {"team_id": ELSEWHERE, "is_admin": True}),
        (TEAM, {"team_id": ELSEWHERE, "is_stranger": True, "is_owner": True}),
        (TEAM, {"team_id": TEAM, "is_stranger": True, "is_primary_owner": True}),
        (TEAM, {"team_id": ELSEWHERE, "enterprise_user": {"enterprise_id": "E02OTHER001", "is_owner": True}}),
        (ENTERPRISE, {"team_id": ELSEWHERE, "is_admin": True}),
        (ENTERPRISE, {"team_id": ELSEWHERE, "enterprise_user": {"enterprise_id": "E02OTHER001"}}),
    ],
)
async def test_an_admin_of_another_company_is_a_stranger_here_and_manages_nothing(
    workspace: str, person: dict[str, object]
) -> None:
    api = everywhere()
    api.people[ADA], api.channels[CHANNEL] = person, {"creator": ADA}
    author = await Users(api, Channels(api), InMemoryBudget()).author(workspace, ADA, CHANNEL)
    assert (author.stranger, author.standing) == (True, Standing.MEMBER)


@pytest.mark.parametrize(
    ("workspace", "person", "standing"),
    [
        (TEAM, {"team_id": TEAM, "is_admin": True}, Standing.WORKSPACE),
        (TEAM, {"team_id": TEAM, "is_restricted": True}, Standing.MEMBER),
        (TEAM, {"team_id": TEAM, "is_ultra_restricted": True}, Standing.MEMBER),
        (ELSEWHERE, {**employee(TEAM, ELSEWHERE), "is_admin": True}, Standing.MEMBER),
        (ENTERPRISE, employee(TEAM), Standing.MEMBER),
        (ENTERPRISE, {**employee(TEAM), "is_admin": True}, Standing.CHANNEL),
        (ENTERPRISE, employee(TEAM, is_admin=True), Standing.WORKSPACE),
        (ENTERPRISE, employee(TEAM, is_owner=True), Standing.WORKSPACE),
    ],
)
async def test_what_somebody_may_is_said_by_the_workspace_or_organisation_where_the_bot_is(
    workspace: str, person: dict[str, object], standing: Standing
) -> None:
    api = everywhere()
    api.people[ADA] = person
    author = await Users(api, Channels(api), InMemoryBudget()).author(workspace, ADA, CHANNEL)
    assert (author.stranger, author.standing) == (False, standing)


async def test_somebody_of_another_workspace_in_the_same_organisation_is_no_stranger() -> None:
    lamp = Workspace(id=TEAM, bot_token="xoxb-lamp", bot_user=BOT, organisation=ENTERPRISE)
    api = MemoryClient(Known(lamp))
    api.people[ADA] = employee(ELSEWHERE) | {"team_id": ELSEWHERE, "is_admin": True}
    api.people[GRACE] = {"team_id": ELSEWHERE, "enterprise_user": {"enterprise_id": "E02OTHER001"}}
    people = Users(api, Channels(api), InMemoryBudget())
    author = await people.author(TEAM, ADA, CHANNEL)
    assert (author.stranger, author.standing) == (False, Standing.MEMBER)
    assert (await people.author(TEAM, GRACE, CHANNEL)).stranger


@pytest.mark.parametrize(("team", "stranger"), [(TEAM, False), (ELSEWHERE, True), ("", False)])
async def test_while_slack_does_not_say_who_somebody_is_the_message_says_where_they_are_at_home(
    team: str, stranger: bool
) -> None:
    api = MemoryClient()
    api.faults = {"users.info": [PlatformFailed("Slack answered 502")]}
    found = message_in(event("app_mention", user_team=team), workspace=TEAM, bot=BOT)
    assert found is not None
    said = await Users(api, Channels(api), InMemoryBudget()).with_names(found)
    assert said.author.stranger is stranger


async def test_a_persons_own_workspace_is_told_and_else_the_bots() -> None:
    api = everywhere()
    api.people.update(PEOPLE)
    people = Users(api, Channels(api), InMemoryBudget())
    assert await people.team(ENTERPRISE, ADA) == TEAM
    assert await people.team(ENTERPRISE, GRACE) == ENTERPRISE
