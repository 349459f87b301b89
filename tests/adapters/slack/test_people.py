"""Who people are: asked for once in a while, and never waited for long."""

import asyncio

import pytest

from adapters.slack.limits import PERSON_SECONDS, PERSON_WAIT
from adapters.slack.people import MOST_PEOPLE, SOMEBODY, People
from adapters.slack.translate import heard
from bot.errors import PlatformFailed
from bot.messages import Author
from tests.adapters.slack.door import PEOPLE
from tests.adapters.slack.memory_api import MemoryApi
from tests.adapters.slack.recorded import ADA, BOT, GRACE, TEAM, event

pytestmark = pytest.mark.looptime


def api_with_people() -> MemoryApi:
    api = MemoryApi()
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
    api = MemoryApi()
    api.people[ADA] = person
    assert await People(api).author(TEAM, ADA) == Author(id=ADA, name=name, locale=locale)


async def test_a_person_is_asked_for_once_an_hour() -> None:
    api = api_with_people()
    people = People(api)
    for _ in range(3):
        await people.author(TEAM, ADA)
    assert api.called() == ["users.info"]
    await asyncio.sleep(PERSON_SECONDS + 1)
    await people.author(TEAM, ADA)
    assert api.called() == ["users.info"] * 2


async def test_the_same_id_in_two_workspaces_is_two_people() -> None:
    api = api_with_people()
    people = People(api)
    await people.author(TEAM, ADA)
    await people.author("T02ELSEWHERE", ADA)
    assert len(api.calls) == 2


async def test_a_slow_slack_does_not_hold_a_message_up() -> None:
    api = api_with_people()
    api.seconds = 60.0
    before = asyncio.get_running_loop().time()
    assert await People(api).author(TEAM, ADA) == Author(id=ADA, name=SOMEBODY)
    assert asyncio.get_running_loop().time() - before == pytest.approx(PERSON_WAIT, abs=0.01)


async def test_a_name_that_was_known_is_used_while_slack_fails() -> None:
    api = api_with_people()
    people = People(api)
    await people.author(TEAM, ADA)
    await asyncio.sleep(PERSON_SECONDS + 1)
    api.faults = {"users.info": [PlatformFailed("Slack answered 502")]}
    assert (await people.author(TEAM, ADA)).name == "Ada"


async def test_a_name_that_was_not_told_is_asked_for_again() -> None:
    api = MemoryApi()
    people = People(api)
    assert (await people.author(TEAM, ADA)).name == SOMEBODY
    api.people.update(PEOPLE)
    assert (await people.author(TEAM, ADA)).name == "Ada"


async def test_what_is_remembered_of_people_has_a_bound() -> None:
    api = MemoryApi()
    people = People(api)
    for number in range(MOST_PEOPLE + 1):
        api.people[f"U{number}"] = {"name": "x"}
        await people.author(TEAM, f"U{number}")
    await people.author(TEAM, f"U{MOST_PEOPLE}")
    assert len(api.calls) == MOST_PEOPLE + 1
    await people.author(TEAM, "U0")
    assert len(api.calls) == MOST_PEOPLE + 2


async def test_all_who_are_named_in_a_message_are_asked_for_at_once() -> None:
    api = api_with_people()
    api.seconds = 0.9
    found = heard(event("message", text=f"<@{BOT}> ask <@{ADA}> and <@U02NOBODY01>"), workspace=TEAM, bot=BOT)
    assert found is not None
    message = await People(api).named(found)
    assert (message.author.name, message.text) == ("Grace H.", "ask @Ada and @U02NOBODY01")
    assert message.author.id == GRACE
    assert len(api.calls) == 3
