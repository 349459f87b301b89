"""One mention comes as two events, and each of them as often as Slack likes: it is one question."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from adapters.platforms.slack.limits import LIMITS
from bot.conversation.events import ChannelRef
from bot.conversation.requests import Lane, Quota
from bot.display.paced import Paced
from bot.display.slots import Slots
from bot.service.admission import Admission
from bot.service.intake import Intake
from bot.service.prices import Prices
from tests.adapters.slack.gate import Gate, opened
from tests.adapters.slack.memory_client import MemoryClient
from tests.adapters.slack.recorded import GRACE, GROUP, recorded
from tests.fakes.budget import InMemoryBudget
from tests.fakes.store import InMemoryStore

BOTH = ("message", "app_mention")


def intake(gate: Gate, store: InMemoryStore, admission: Admission | None = None) -> Intake:
    """The bot's own, for one question a person."""
    return Intake(
        screens={"slack": Paced(gate.platform, Slots(LIMITS, InMemoryBudget()))},
        store=store,
        prices=Prices(people=store.people, quota=Quota(questions=1, seconds=3600)),
        admission=admission or Admission(),
        context=replace(gate.context, store=store),
        work=lambda _channel, _lane: None,
    )


async def say(gate: Gate, ts: str, kinds: Sequence[str], **where: str) -> None:
    for kind in kinds:
        payload = recorded(kind)
        payload["event"] |= {"ts": ts, **where}
        assert (await gate.hand(payload)).status == 200
    await asyncio.sleep(5)


def told(api: MemoryClient) -> list[str]:
    return [str(arguments["text"]) for method, arguments in api.calls if method == "chat.postEphemeral"]


@pytest.mark.looptime
@pytest.mark.parametrize("kinds", [BOTH, BOTH[::-1], BOTH * 3])
async def test_a_mention_costs_one_question_and_is_refused_once(kinds: Sequence[str]) -> None:
    api, store = MemoryClient(), InMemoryStore()
    async with opened(api) as gate:
        bot = intake(gate, store)
        gate.bot = bot.receive
        await say(gate, "1795000001.000001", kinds)
        assert told(api) == []
        await say(gate, "1795000002.000001", kinds)
        assert len(told(api)) == 1
        assert "used up" in told(api)[0]
        conversation = ChannelRef(
            platform="slack",
            workspace=recorded("message")["team_id"],
            channel=f"{recorded('message')['event']['channel']}:1795000001.000001",
        )
        waiting = (await store.conversations.read(conversation)).waiting
    assert [request.message.id for request in waiting] == ["1795000001.000001"]


@pytest.mark.looptime
async def test_in_a_group_the_mention_that_does_not_say_where_it_is_is_the_same_question() -> None:
    api, store = MemoryClient(), InMemoryStore()
    api.channels[GROUP] = {"id": GROUP, "is_mpim": True}
    async with opened(api) as gate:
        gate.bot = intake(gate, store).receive
        mention = recorded("app_mention")
        mention["event"] |= {"channel": GROUP}
        await gate.hand(mention)
        await say(gate, mention["event"]["ts"], ["message"], channel=GROUP, channel_type="mpim")
    assert told(api) == []


@pytest.mark.looptime
async def test_a_command_word_in_a_mention_waits_once_to_be_done() -> None:
    api, store = MemoryClient(), InMemoryStore()
    async with opened(api) as gate:
        gate.bot = intake(gate, store).receive
        for kind in BOTH:
            payload = recorded(kind)
            mention = payload["event"]["text"].split()[0]
            payload["event"]["text"] = f"{mention} !temperature"
            assert (await gate.hand(payload)).status == 200
        await asyncio.sleep(5)
    waiting = [box.inbox for (_, lane), box in store.boxes.items() if lane is Lane.COMMANDS]
    assert [
        [request.invoked and request.invoked.verb for request in inbox.values()] for inbox in waiting
    ] == [["temperature"]]


@pytest.mark.looptime
async def test_whom_the_bot_does_not_speak_with_hears_nothing_of_either() -> None:
    api, store = MemoryClient(), InMemoryStore()
    async with opened(api) as gate:
        gate.bot = intake(gate, store, Admission(blocked_users=frozenset({GRACE}))).receive
        await say(gate, "1795000001.000001", BOTH)
    assert told(api) == []


@pytest.mark.looptime
async def test_whom_the_operator_does_not_list_is_told_once() -> None:
    api, store = MemoryClient(), InMemoryStore()
    async with opened(api) as gate:
        gate.bot = intake(gate, store, Admission(allowed_users=frozenset({"U02FOUNDER1"}))).receive
        await say(gate, "1795000001.000001", BOTH)
    assert len(told(api)) == 1
