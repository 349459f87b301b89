"""What every store does with requests, the fake and the one on a real server alike."""

import asyncio
from dataclasses import replace

import pytest

from bot.conversation.content import Attachment, Quote
from bot.conversation.events import ChannelRef
from bot.conversation.layers import Layers
from bot.conversation.requests import (
    Attempts,
    Claim,
    Lane,
    Price,
    Progress,
    Quota,
    Request,
    Submission,
    Work,
    command_request,
    question_request,
)
from bot.conversation.turns import Account, Turn
from bot.errors import LeaseLost
from bot.ports import Store
from tests.contracts.conftest import LEASE
from tests.fakes.messages import ADA, CHANNEL, PRIVATE, command, message
from tests.fakes.messages import turn as turn_of

ACCOUNT = Account(
    model="mixtral",
    settings={"temperature": 0.3, "seed": 7, "system_prompt": "¿Qué?"},
    origins={"temperature": "channel"},
    seen_from="0",
    seen_turns=1,
    tokens=17,
    left_out_turns=1,
    left_out_tokens=0,
    seconds=1.5,
    ending="length",
)

THREAD = replace(CHANNEL, channel="t", parent="c")


def turn(claim: Claim, answer: str = "Rayleigh scattering.") -> Turn:
    sent = claim.message
    return turn_of(
        sent.text,
        answer,
        message=sent.id,
        author=sent.author.name,
        person=sent.person,
        replies=("r1", "r2"),
        asked_at=4e9,
    )


async def claimed(store: Store, channel: ChannelRef = CHANNEL) -> Claim:
    claim = await store.requests.claim(channel)
    assert claim is not None
    return claim


def anywhere(channel: ChannelRef, lane: Lane) -> bool:
    """Everything is taken on."""
    return True


async def lease_over() -> None:
    """A real server has a clock of its own: no virtual time here."""
    await asyncio.sleep(LEASE * 1.5)


async def test_a_message_comes_out_as_it_went_in(store: Store) -> None:
    sent = message(
        "¿Qué? </s> “quoted” \u2028",
        author=replace(ADA, stranger=True, roles=("1", "2")),
        attachments=(Attachment(name="a.py", url="u", size=3, media_type="text/x-python"),),
        quotes=(
            Quote(
                author="Bob", text="Why?", attachments=(Attachment(name="a.txt", url="https://x/b", size=7),)
            ),
        ),
        linked=("7", "8"),
        reply=("interaction", "1", "x"),
    )
    await store.requests.submit(question_request(sent))
    assert (await claimed(store)).message == sent


async def test_the_same_message_twice_is_one_also_after_its_answer(store: Store) -> None:
    assert await store.requests.submit(question_request(message())) is Submission.NEW
    assert await store.requests.submit(question_request(message())) is Submission.DUPLICATE
    claim = await claimed(store)
    assert not await store.requests.commit(claim, turn(claim))
    assert await store.requests.submit(question_request(message())) is Submission.DUPLICATE
    assert await store.requests.claim(CHANNEL) is None


async def test_what_is_asked_of_an_answer_is_one_request_while_it_waits_and_may_be_asked_again(
    store: Store,
) -> None:
    await store.requests.submit(question_request(message()))
    claim = await claimed(store)
    await store.requests.commit(claim, turn(claim))
    again = Request(id="again:1:1", at=2.0, work=Work.AGAIN, message=message())
    assert await store.requests.submit(again) is Submission.NEW
    assert await store.requests.submit(again) is Submission.DUPLICATE
    claim = await claimed(store)
    assert await store.requests.submit(again) is Submission.DUPLICATE
    await store.requests.commit(claim, turn(claim))
    assert await store.requests.submit(again) is Submission.NEW


async def test_questions_come_in_the_order_of_writing_whatever_the_order_of_arrival(store: Store) -> None:
    for at in (2, 3, 1):
        await store.requests.submit(question_request(message(id=str(at), at=at)))
    answered = []
    more = True
    while more:
        claim = await claimed(store)
        answered.append(claim.message.id)
        more = await store.requests.commit(claim, turn(claim))
    assert answered == ["1", "2", "3"]


async def test_turns_are_remembered_oldest_first(store: Store) -> None:
    for at in (1, 2, 3):
        await store.requests.submit(question_request(message(id=str(at), at=at)))
    for at in (1, 2):
        claim = await claimed(store)
        await store.requests.commit(claim, turn(claim, f"answer {at}"))
    assert [each.answer for each in (await claimed(store)).turns] == ["answer 1", "answer 2"]


async def test_one_question_of_a_conversation_is_answered_at_a_time(store: Store) -> None:
    await store.requests.submit(question_request(message()))
    await store.requests.submit(question_request(message(id="2", at=2)))
    await claimed(store)
    assert await store.requests.claim(CHANNEL) is None


async def test_a_question_whose_holder_died_is_taken_over_with_its_progress(store: Store) -> None:
    await store.requests.submit(question_request(message(at=2)))
    claim = await claimed(store)
    await store.requests.beat(claim, Progress(text="Ray", replies=("r1",)))
    await store.requests.submit(question_request(message(id="older", at=1)))
    assert await store.requests.orphans(anywhere) == []
    await lease_over()
    assert await store.requests.orphans(anywhere) == [CHANNEL]
    again = await claimed(store)
    assert again.message.id == "1"
    assert again.progress == Progress(text="Ray", replies=("r1",))
    assert again.fence > claim.fence


async def test_what_is_asked_meanwhile_does_not_delay_whoever_takes_over(store: Store) -> None:
    await store.requests.submit(question_request(message()))
    await claimed(store)
    await asyncio.sleep(0.7 * LEASE)
    await store.requests.submit(question_request(message(id="2", at=2)))
    await asyncio.sleep(0.4 * LEASE)
    assert await store.requests.orphans(anywhere) == [CHANNEL]


async def test_what_nobody_claims_is_taken_over_long_before_a_lease_is_over(store: Store) -> None:
    await store.requests.submit(question_request(message()))
    given = await store.requests.orphans(anywhere)  # not yet, but where the machine stood still
    await asyncio.sleep(LEASE / 3)
    assert CHANNEL in [*given, *await store.requests.orphans(anywhere)]


async def test_what_is_not_wanted_here_is_left_to_others_and_given_to_one_of_them(store: Store) -> None:
    await store.requests.submit(question_request(message()))
    await lease_over()
    assert await store.requests.orphans(lambda channel, lane: False) == []
    assert await store.requests.orphans(lambda channel, lane: lane is Lane.COMMANDS) == []
    assert await store.requests.orphans(anywhere) == [CHANNEL]
    assert await store.requests.orphans(anywhere) == []


async def test_a_beat_keeps_the_lease(store: Store) -> None:
    await store.requests.submit(question_request(message()))
    claim = await claimed(store)
    for _ in range(4):
        await asyncio.sleep(LEASE / 2)
        await store.requests.beat(claim, Progress())
    assert await store.requests.claim(CHANNEL) is None


async def test_who_lost_the_lease_can_do_nothing_more(store: Store) -> None:
    await store.requests.submit(question_request(message()))
    late = await claimed(store)
    await lease_over()
    claim = await claimed(store)
    with pytest.raises(LeaseLost):
        await store.requests.beat(late, Progress(text="old"))
    with pytest.raises(LeaseLost):
        await store.requests.commit(late, turn(late, "old"))
    with pytest.raises(LeaseLost):
        await store.requests.release(late, Progress(text="old"))
    await store.requests.commit(claim, turn(claim, "new"))
    await store.requests.submit(question_request(message(id="2", at=2)))
    assert [each.answer for each in (await claimed(store)).turns] == ["new"]


async def test_a_beat_after_the_commit_holds_nothing_up(store: Store) -> None:
    await store.requests.submit(question_request(message()))
    await store.requests.submit(question_request(message(id="2", at=2)))
    claim = await claimed(store)
    assert await store.requests.commit(claim, None)
    with pytest.raises(LeaseLost):
        await store.requests.beat(claim, Progress())
    assert (await claimed(store)).message.id == "2"


async def test_a_question_that_was_given_back_is_there_at_once(store: Store) -> None:
    await store.requests.submit(question_request(message()))
    await store.requests.release(await claimed(store), Progress(text="Ray", replies=("r1",)))
    assert await store.requests.orphans(anywhere) == [CHANNEL]
    assert (await claimed(store)).progress.text == "Ray"


async def test_a_commit_of_nothing_drops_the_question(store: Store) -> None:
    await store.requests.submit(question_request(message()))
    assert not await store.requests.commit(await claimed(store), None)
    await lease_over()
    assert await store.requests.orphans(anywhere) == []


async def test_a_follow_up_counts_only_where_there_is_a_conversation(store: Store) -> None:
    follow_up = message(id="2", at=2, channel=THREAD)
    assert await store.requests.submit(question_request(follow_up), only_known=True) is Submission.NOT_OURS
    await store.requests.submit(question_request(message(channel=THREAD)))
    assert await store.requests.submit(question_request(follow_up), only_known=True) is Submission.NEW


async def test_a_reset_forgets_the_turns_and_the_one_that_is_being_answered(store: Store) -> None:
    for at in (1, 2, 3):
        await store.requests.submit(question_request(message(id=str(at), at=at)))
    claim = await claimed(store)
    await store.requests.commit(claim, turn(claim))
    claim = await claimed(store)
    assert await store.conversations.reset(CHANNEL) == 1
    await store.requests.commit(claim, turn(claim))
    assert (await claimed(store)).turns == ()


async def test_a_thread_has_its_channels_settings_and_a_conversation_of_its_own(store: Store) -> None:
    await store.settings.change(CHANNEL, {"temperature": 0.3}, by="screen::u-ada")
    await store.settings.change(CHANNEL, {"seed": "random"}, by="screen::u-ada")
    await store.settings.change(CHANNEL, {"seed": None}, by="screen::u-ada")
    await store.requests.submit(question_request(message()))
    claim = await claimed(store)
    await store.requests.commit(claim, turn(claim))
    await store.requests.submit(question_request(message(channel=THREAD)))
    in_thread = await claimed(store, THREAD)
    assert in_thread.settings == Layers(channel={"temperature": 0.3}) == await store.settings.read(THREAD, "")
    assert in_thread.turns == ()
    assert await store.settings.read(PRIVATE, "") == Layers(private=True)


QUOTA = Quota(questions=2, seconds=60)


async def test_of_two_hundred_who_ask_at_once_exactly_the_quota_may(store: Store) -> None:
    quota = Quota(questions=60, seconds=3600)
    prices = await asyncio.gather(
        *(store.people.spend("screen::u-ada", f"c:{number}", quota) for number in range(200))
    )
    assert sum(price.resets_in is None for price in prices) == 60


async def test_a_quota_says_when_it_resets_and_is_each_persons_own(store: Store) -> None:
    for event in ("1", "2"):
        assert await store.people.spend("ada", event, QUOTA) == Price()
    price = await store.people.spend("ada", "3", QUOTA)
    assert price.resets_in is not None
    assert 50 < price.resets_in <= 61
    assert await store.people.spend("bob", "3", QUOTA) == Price()


async def test_an_event_that_comes_again_costs_nothing_and_gets_the_same_answer(store: Store) -> None:
    for _ in range(5):
        assert (await store.people.spend("ada", "1", QUOTA)).resets_in is None
    assert not (await store.people.spend("ada", "2", QUOTA)).repeated
    assert not (await store.people.spend("ada", "3", QUOTA)).repeated
    again = await store.people.spend("ada", "3", QUOTA)
    assert again.repeated
    assert again.resets_in is not None
    assert (await store.people.spend("ada", "2", QUOTA)) == Price(repeated=True)


async def test_a_place_that_opens_can_be_used(store: Store) -> None:
    quick = Quota(questions=1, seconds=0.2)
    assert await store.people.spend("ada", "1", quick) == Price()
    resets_in = (await store.people.spend("ada", "2", quick)).resets_in
    assert resets_in is not None
    assert resets_in <= 0.2
    await asyncio.sleep(0.25)
    assert await store.people.spend("ada", "3", quick) == Price()


async def test_what_ended_by_an_exception_is_counted_and_tried_again_after_a_pause(store: Store) -> None:
    await store.requests.submit(question_request(message()))
    claim = await claimed(store)
    assert claim.attempts == Attempts()
    await store.requests.release(claim, Progress(), failed=True)
    assert await store.requests.claim(CHANNEL) is None
    async with asyncio.timeout(5):
        while (again := await store.requests.claim(CHANNEL)) is None:
            await asyncio.sleep(0.1)
    assert again.attempts == Attempts(failures=1)
    await store.requests.commit(again, None)
    await store.requests.submit(question_request(message(id="2", at=2)))
    assert (await claimed(store)).attempts == Attempts()


async def test_a_claim_without_an_end_is_counted_and_one_that_was_handed_over_is_not(store: Store) -> None:
    await store.requests.submit(question_request(message()))
    await store.requests.release(await claimed(store), Progress())
    for deaths in range(3):
        assert (await claimed(store)).attempts == Attempts(deaths=deaths)
        await lease_over()


async def test_what_a_taker_over_needs_comes_with_the_claim(store: Store) -> None:
    whole = Progress(text="Rayleigh.", replies=("r1",), ended="end", account=ACCOUNT)
    await store.requests.submit(question_request(message()))
    claim = await claimed(store)
    await store.requests.beat(claim, whole)
    running = (await store.conversations.read(CHANNEL)).running
    assert running is not None
    assert running.progress == whole
    await store.requests.release(claim, whole)
    assert (await claimed(store)).progress == whole


async def test_a_holder_whose_lease_is_over_goes_on_while_nobody_has_claimed(store: Store) -> None:
    await store.requests.submit(question_request(message()))
    claim = await claimed(store)
    await lease_over()
    assert await store.requests.beat(claim, Progress(text="Ray")) is None
    assert await store.requests.claim(CHANNEL) is None
    await lease_over()
    await store.requests.commit(claim, turn(claim))
    assert len((await store.conversations.read(CHANNEL)).turns) == 1


async def test_commands_do_not_wait_for_questions(store: Store) -> None:
    await store.requests.submit(question_request(message()))
    await claimed(store)
    stop = command("stop", id="c1")
    assert await store.requests.submit(command_request(stop, 2.0)) is Submission.NEW
    assert await store.requests.submit(command_request(stop, 2.0)) is Submission.DUPLICATE
    assert (await store.conversations.read(CHANNEL)).waiting == ()
    claim = await store.requests.claim(CHANNEL, Lane.COMMANDS)
    assert claim is not None
    assert claim.request.invoked == stop
    assert await store.requests.orphans(anywhere) == []
    await lease_over()
    assert await store.requests.orphans(anywhere) == [CHANNEL]
    assert not await store.requests.commit(claim, None)
    assert await store.requests.claim(CHANNEL, Lane.COMMANDS) is None


async def test_records_are_kept_under_their_names(store: Store) -> None:
    records, others = store.records("a"), store.records("b")
    assert await records.load("x") is None
    await records.save("x", "one")
    assert await records.load("x") == "one"
    assert await others.load("x") is None
    assert await records.settle("x", "two") == "one"
    assert await records.take("x")
    assert not await records.take("x")
    assert await records.claim("y", 60)
    assert not await records.claim("y", 60)


async def test_a_channels_sessions_are_its_conversations_with_the_latest_first(store: Store) -> None:
    for number, place in enumerate((CHANNEL, THREAD, PRIVATE)):
        await store.requests.submit(
            question_request(message(f"Question {number} " + "x" * 100, channel=place))
        )
        claim = await claimed(store, place)
        await store.requests.commit(claim, replace(turn(claim), asked_at=4e9 + number))
    sessions = await store.conversations.sessions(CHANNEL)
    assert [(each.channel, each.asked_at) for each in sessions] == [("t", 4e9 + 1), ("c", 4e9)]
    assert sessions[0].title == "Question 1…"
    await store.conversations.reset(THREAD)
    assert [each.channel for each in await store.conversations.sessions(CHANNEL)] == ["c"]


async def test_a_command_that_was_done_is_not_done_again_when_it_comes_again(store: Store) -> None:
    stop = command_request(command("stop"), 1.0)
    assert await store.requests.submit(stop) is Submission.NEW
    claim = await store.requests.claim(CHANNEL, Lane.COMMANDS)
    assert claim is not None
    await store.requests.commit(claim, None)
    assert await store.requests.submit(stop) is Submission.DUPLICATE


async def test_what_is_dropped_is_given_and_holds_nothing_up_any_more(store: Store) -> None:
    assert await store.requests.drop(CHANNEL) is None
    for number in (1, 2):
        await store.requests.submit(question_request(message(id=f"{number}", at=number)))
    claim = await claimed(store)
    assert await store.requests.drop(CHANNEL) == claim.request
    with pytest.raises(LeaseLost):
        await store.requests.commit(claim, None)
    assert (await claimed(store)).message.id == "2"
    assert await store.requests.submit(claim.request) is Submission.DUPLICATE


async def test_what_is_dropped_before_its_claim_is_the_oldest_of_its_lane(store: Store) -> None:
    typed = command_request(command("stop", id="0"), 0.0)
    await store.requests.submit(typed)
    for number in (2, 1):
        await store.requests.submit(question_request(message(id=f"{number}", at=number)))
    dropped = await store.requests.drop(CHANNEL)
    assert dropped is not None
    assert dropped.id == "1"
    assert await store.requests.drop(CHANNEL, Lane.COMMANDS) == typed
