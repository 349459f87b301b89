"""Whatever happens to a conversation, each question is answered once, the oldest of those that wait first."""

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.stores.redis.mailbox import RedisMailbox
from adapters.stores.redis.people import RedisPeople
from bot.conversation.requests import Claim, Progress, asked
from bot.errors import LeaseLost
from bot.ports import Mailbox, Submission
from tests.fakes.messages import CHANNEL, message, turn
from tests.fakes.store import InMemoryMailbox
from tests.servers.store import emptied

Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(st.sampled_from(["submit", "submit", "take", "beat", "commit", "release"]), st.integers(0, 5)),
    max_size=40,
)


async def play(mailbox: Mailbox, steps: list[Step]) -> list[str]:  # noqa: PLR0912  # a branch for each step
    """Carry the steps out, then answer what is left; the ids in the order of their commits."""
    waiting, seen, committed = set[str](), set[str](), list[str]()
    held: list[Claim] = []
    for what, number in steps:
        match what:
            case "submit":
                became = await mailbox.submit(asked(message(id=str(number), at=number)))
                assert became is (Submission.DUPLICATE if str(number) in seen else Submission.NEW)
                seen.add(str(number))
                if became is Submission.NEW:
                    waiting.add(str(number))
            case "take":
                claim = await mailbox.take(CHANNEL)
                if claim is not None:
                    assert claim.message.id in waiting
                    held.append(claim)
            case "release" if held:
                try:
                    await mailbox.release(held[-1], Progress(text="so far"))
                except LeaseLost:
                    held.pop()
            case "beat" | "commit" if held:
                claim = held[number % len(held)]
                try:
                    if what == "beat":
                        await mailbox.beat(claim, Progress(text="so far"))
                    else:
                        more = await mailbox.commit(claim, turn(message=claim.message.id, asked_at=4e9))
                        committed.append(claim.message.id)
                        waiting.remove(claim.message.id)
                        assert more == bool(waiting)
                except LeaseLost:
                    held.remove(claim)
    if held:
        try:
            await mailbox.release(held[-1], Progress())
        except LeaseLost:
            held.clear()
    while (claim := await mailbox.take(CHANNEL)) is not None:
        committed.append(claim.message.id)
        await mailbox.commit(claim, turn(message=claim.message.id, asked_at=4e9))
    assert sorted(committed) == sorted(seen)
    return committed


@given(STEPS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_real_mailbox_and_the_fake_answer_each_question_once_and_alike(
    redis_url: str, steps: list[Step]
) -> None:
    async def both() -> None:
        fake = await play(InMemoryMailbox(), steps)
        async with emptied(redis_url) as redis:
            people = RedisPeople(redis, kept=60, lease=60)
            await people.prepare()
            real = await play(RedisMailbox(redis, people, lease=60, history_days=1), steps)
        assert fake == real

    asyncio.run(both())
