"""One mention comes as two events, and each of them as often as Slack likes: it is one question."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.conversation.events import ChannelRef
from bot.ports import Receive
from bot.service.admission import Admission
from tests.adapters.slack.gate import Gate, opened
from tests.adapters.slack.memory_client import MemoryClient
from tests.adapters.slack.recorded import GRACE, GROUP, recorded
from tests.fakes.bot import Bot
from tests.fakes.model import Speaker
from tests.fakes.store import InMemoryStore

BOTH = ("message", "app_mention")


def bot(gate: Gate, store: InMemoryStore, admission: Admission | None = None) -> Receive:
    """The bot's own way in, for one question a person."""
    model = Speaker(("Blue.",))
    whole = Bot(model, platform=gate.platform, store=store, questions=1, admission=admission)
    return whole.service.receive


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
        gate.bot = bot(gate, store)
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
        turns = (await store.conversations.read(conversation)).turns
    assert [turn.message for turn in turns] == ["1795000001.000001"]


@pytest.mark.looptime
async def test_in_a_group_the_mention_that_does_not_say_where_it_is_is_the_same_question() -> None:
    api, store = MemoryClient(), InMemoryStore()
    api.channels[GROUP] = {"id": GROUP, "is_mpim": True}
    async with opened(api) as gate:
        gate.bot = bot(gate, store)
        mention = recorded("app_mention")
        mention["event"] |= {"channel": GROUP}
        await gate.hand(mention)
        await say(gate, mention["event"]["ts"], ["message"], channel=GROUP, channel_type="mpim")
    assert told(api) == []


@pytest.mark.looptime
async def test_a_command_word_in_a_mention_is_done_once() -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        gate.bot = bot(gate, InMemoryStore())
        for kind in BOTH:
            payload = recorded(kind)
            mention = payload["event"]["text"].split()[0]
            payload["event"]["text"] = f"{mention} !temperature"
            assert (await gate.hand(payload)).status == 200
        await asyncio.sleep(5)
    [notice] = told(api)
    assert "temperature" in notice


@pytest.mark.looptime
async def test_whom_the_bot_does_not_speak_with_hears_nothing_of_either() -> None:
    api, store = MemoryClient(), InMemoryStore()
    async with opened(api) as gate:
        gate.bot = bot(gate, store, Admission(blocked_users=frozenset({GRACE})))
        await say(gate, "1795000001.000001", BOTH)
    assert told(api) == []


@pytest.mark.looptime
async def test_whom_the_operator_does_not_list_is_told_once() -> None:
    api, store = MemoryClient(), InMemoryStore()
    async with opened(api) as gate:
        gate.bot = bot(gate, store, Admission(allowed_users=frozenset({"U02FOUNDER1"})))
        await say(gate, "1795000001.000001", BOTH)
    assert len(told(api)) == 1


@pytest.mark.looptime
async def test_a_question_by_command_that_is_replayed_is_asked_once() -> None:
    api, store = MemoryClient(), InMemoryStore()
    model = Speaker(("Blue.",))
    async with opened(api) as gate:
        gate.bot = Bot(model, platform=gate.platform, store=store).service.receive
        for _ in range(4):
            assert (await gate.hand(recorded("slash_command", text="ask Why?"))).status == 200
        await asyncio.sleep(5)
    assert len([call for call in api.calls if call[0] == "chat.postMessage" and "Why?" in str(call[1])]) == 1
    assert len(model.prompts) == 1
