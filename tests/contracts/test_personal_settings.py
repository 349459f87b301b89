"""What somebody sets for their own questions in a channel: theirs alone, exported, forgotten with them."""

import pytest

from bot.conversation.events import Author, ChannelRef
from bot.conversation.layers import Layers, Scope
from bot.conversation.requests import Claim, Request, Work, question_request
from bot.ports import Store
from tests.fakes.messages import ADA, BOB, CHANNEL, PRIVATE, message

ADA_S, BOB_S = "screen::u-ada", "screen::u-bob"
THREAD = ChannelRef(platform="screen", workspace="w", channel="t", parent="c")
ELSEWHERE = ChannelRef(platform="screen", workspace="w", channel="other")


@pytest.fixture(autouse=True)
async def settings(store: Store) -> None:
    """Ada's own in the channel, the channel's for everybody."""
    await store.settings.change(CHANNEL, {"temperature": 0.9, "seed": 7}, by=BOB_S)
    await store.settings.change(CHANNEL, {"temperature": 0.3, "top_p": 0.5}, by=ADA_S, scope=Scope.ME)
    await store.settings.change(CHANNEL, {"top_p": None}, by=ADA_S, scope=Scope.ME)


async def claimed(store: Store, author: Author, channel: ChannelRef = CHANNEL) -> Claim:
    sent = message(id=author.id, author=author, channel=channel)
    await store.requests.submit(question_request(sent))
    claim = await store.requests.claim(channel)
    assert claim is not None
    await store.requests.commit(claim, None)
    return claim


async def test_a_question_comes_with_what_its_asker_has_set_and_nobody_elses(store: Store) -> None:
    everybodys = {"temperature": 0.9, "seed": 7}
    assert (await claimed(store, BOB)).settings == Layers(channel=everybodys)
    adas = Layers(channel=everybodys, personal={"temperature": 0.3})
    assert (await claimed(store, ADA)).settings == adas == await store.settings.read(CHANNEL, ADA_S)
    assert await store.settings.read(CHANNEL, BOB_S) == Layers(channel=everybodys)


async def test_it_holds_in_the_channels_threads_and_in_no_other_channel(store: Store) -> None:
    assert (await claimed(store, ADA, THREAD)).settings.personal == {"temperature": 0.3}
    assert (await claimed(store, ADA, ELSEWHERE)).settings == Layers()
    assert (await claimed(store, ADA, PRIVATE)).settings == Layers(private=True)


async def test_another_version_comes_with_what_whoever_wants_it_has_set(store: Store) -> None:
    again = Request(id="again", at=2.0, work=Work.AGAIN, message=message(id="b", author=ADA))
    await claimed(store, BOB)
    await store.requests.submit(again)
    claim = await store.requests.claim(CHANNEL)
    assert claim is not None
    assert claim.settings.personal == {"temperature": 0.3}


async def test_it_is_given_to_the_person_and_to_nobody_else(store: Store) -> None:
    [kept] = await store.people.export(ADA_S)
    assert (kept.channel, kept.settings) == (CHANNEL, {"temperature": 0.3})
    assert await store.people.export(BOB_S) == []


async def test_it_is_given_once_though_it_was_set_in_two_threads(store: Store) -> None:
    await store.settings.change(THREAD, {"seed": 1}, by=ADA_S, scope=Scope.ME)
    kept = await store.people.export(ADA_S)
    assert [each.settings for each in kept] == [{"temperature": 0.3, "seed": 1}]


async def test_it_is_forgotten_with_the_person(store: Store) -> None:
    await store.settings.change(CHANNEL, {"seed": 1}, by=BOB_S, scope=Scope.ME)
    await store.people.forget(ADA_S)
    assert await store.people.export(ADA_S) == []
    assert (await claimed(store, ADA)).settings == Layers(channel={"temperature": 0.9, "seed": 7})
    assert (await store.settings.read(CHANNEL, BOB_S)).personal == {"seed": 1}
