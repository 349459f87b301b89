"""One check before every kind of event: who is not heard sees and does nothing, and is told at most why."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest

from bot.conversation.events import Address, ChannelRef, Edited, Event, Invoked, Opened, Said, Standing
from bot.conversation.layers import Scope
from bot.conversation.settings import SETTINGS
from bot.conversation.settings import Form as Fields
from bot.conversation.verbs import VERBS
from bot.conversation.views import Outcome
from bot.errors import StoreUnavailable
from bot.languages import speaker
from bot.service.admission import Admission
from tests.fakes.bot import Bot
from tests.fakes.messages import ADA, CHANNEL, PRIVATE, command, message
from tests.fakes.model import Speaker
from tests.fakes.platform import LIMITS, Screen

pytestmark = pytest.mark.looptime

HANDLE = ("handle",)
SECRET = "Nobody shall read this prompt."

EVENTS: dict[str, Event] = {
    **{address: message(address=address) for address in Address},
    "edited": Edited(message=message("Why now?"), edited_at=2.0),
    "opened": Opened(channel=CHANNEL, id="o", author=ADA, reply=HANDLE),
    **{verb: command(verb, author=replace(ADA, standing=Standing.WORKSPACE)) for verb in VERBS},
    "unknown": command("no-such-verb"),
}

NOT_HEARD = {
    "blocked": Admission(blocked_users=frozenset({ADA.id})),
    "unlisted": Admission(allowed_users=frozenset({"u-bob"})),
    "elsewhere": Admission(allowed_channels=frozenset({"other"})),
}


def answered_at_once(event: Event) -> Event:
    return replace(event, reply=HANDLE) if isinstance(event, Said | Invoked | Opened) else event


@pytest.mark.parametrize("reply", [False, True], ids=["told", "answered"])
@pytest.mark.parametrize("admission", NOT_HEARD.values(), ids=NOT_HEARD)
@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
async def test_who_is_not_heard_sees_and_does_nothing(
    event: Event, admission: Admission, reply: bool
) -> None:
    bot = Bot(Speaker(["Blue."]), admission=admission)
    await bot.store.settings.change(CHANNEL, {"system_prompt": SECRET}, by="u-bob")
    before = await bot.store.settings.read(CHANNEL, "")
    async with bot.running():
        notice = await bot.service.receive(answered_at_once(event) if reply else event)
        await asyncio.sleep(30)
    shown = [text for _, text in bot.screen.told] + ([notice.text] if notice else [])
    say = speaker("en")
    reasons = {say(name) for name in ("blocked", "user_not_allowed", "channel_not_allowed")}
    assert set(shown) <= reasons
    assert notice is None or (notice.panel is None and notice.outcome is Outcome.REFUSED)
    assert bot.model.prompts == []
    assert bot.screen.texts() == []
    assert await bot.store.settings.read(CHANNEL, "") == before


@pytest.mark.parametrize("admission", NOT_HEARD.values(), ids=NOT_HEARD)
async def test_who_is_not_heard_watches_nothing(admission: Admission) -> None:
    bot = Bot(Speaker(["Blue."]), admission=admission)
    async with bot.running(), asyncio.timeout(60):
        assert [each async for each in bot.service.watch(CHANNEL, ADA)] == []


async def test_who_is_heard_watches_what_stands_there() -> None:
    bot = Bot(Speaker(["Blue."]))
    async with bot.running(), aclosing(bot.service.watch(CHANNEL, ADA)) as conversations:
        await bot.receive(message())
        async for stands in conversations:
            if [each.answer for each in stands.exchanges] == ["Blue."]:
                break


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
async def test_the_blocked_are_not_spoken_to_while_the_store_is_away(event: Event) -> None:
    bot = Bot(Speaker(["Blue."]), admission=NOT_HEARD["blocked"])
    async with bot.running():
        bot.store.faults.fails = StoreUnavailable("away")
        handing_in = asyncio.create_task(bot.service.receive(event))
        await asyncio.sleep(10)
        bot.store.faults.fails = None
        await handing_in
    assert bot.screen.told == []


async def test_an_operators_admin_may_set_values_for_the_whole_workspace_in_the_panel() -> None:
    bot = Bot(Speaker(["Blue."]), admission=Admission(admins=frozenset({ADA.id})))
    channel = ChannelRef(platform="screen", workspace="w", channel="c")
    notice = await bot.service.receive(Opened(channel=channel, id="o", author=ADA, reply=HANDLE))
    assert notice is not None
    assert notice.panel is not None
    assert Scope.WORKSPACE in notice.panel.scopes


@pytest.mark.parametrize("form", list(Fields))
def test_a_form_has_no_more_fields_than_a_platform_takes(form: Fields) -> None:
    assert len([each for each in SETTINGS if each.form is form]) <= 5


@pytest.mark.parametrize("alone", [False, True])
async def test_where_there_is_nobody_else_no_list_of_channels_holds(alone: bool) -> None:
    screen = Screen(limits=replace(LIMITS, alone=alone))
    bot = Bot(Speaker(["Blue."]), screen=screen, admission=NOT_HEARD["elsewhere"])
    question = message(channel=PRIVATE, address=Address.PRIVATE)
    assert [each[:5] for each in await bot.hears(question)] == (["Blue."] if alone else [])
