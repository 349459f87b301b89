"""Whatever happens to a conversation, each question is answered once, the oldest of those that wait first."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.stores.redis.keys import Keys
from adapters.stores.redis.store import RedisStore
from bot.conversation.content import Quote, TextFile
from bot.conversation.events import Said
from bot.conversation.requests import Claim, Interruption, Progress, question_request
from bot.conversation.turns import Rating, Turn
from bot.errors import Interrupted, LeaseLost
from bot.ports import Store
from tests.fakes.messages import ADA, BOB, CHANNEL, message, turn
from tests.fakes.store import InMemoryStore
from tests.servers.store import emptied

STEPS = ("submit", "submit", "claim", "claim", "beat", "commit", "commit", "release")
OTHERS = ("fail", "withdraw", "revise", "reset", "amend", "forget", "end_lease", "quote")
Step = tuple[str, int]
Expire = Callable[[], Awaitable[None]]


def question(number: int, text: str = "Why?") -> Said:
    """Those with even numbers are Ada's; each quotes the one before it."""
    author = ADA if number % 2 == 0 else BOB
    quoted = Quote(author="x", text="quoted", person="screen::u-bob", message=str(number - 1))
    return replace(message(text, id=str(number), at=number, author=author), quotes=(quoted,))


def became(claim: Claim) -> Turn:
    sent = claim.message
    remembered = turn(sent.text, message=sent.id, person=sent.person, asked_at=4e9)
    files = (TextFile(name="a.txt", text="So."),) if int(sent.id) % 3 else ()
    return replace(remembered, quotes=sent.quotes, files=files)


class Player:
    """Carries steps out, and writes down what came of each."""

    def __init__(self, expire: Expire, *stores: Store) -> None:
        self._stores = stores
        self.log: list[object] = []
        self._expire = expire
        self._held: list[Claim] = []
        self._fences: list[int] = []
        self._answered: list[str] = []

    @property
    def store(self) -> Store:
        """The processes do something in turns."""
        self._stores = (*self._stores[1:], self._stores[0])
        return self._stores[0]

    async def play(self, steps: list[Step]) -> None:
        for what, number in steps:
            try:
                self.log.append((what, await getattr(self, f"_{what}")(number)))
            except (LeaseLost, Interrupted) as error:
                self.log.append((what, type(error).__name__))
            self.log.append(await self._standing())
        await self._expire()
        while (claim := await self.store.requests.claim(CHANNEL)) is not None:
            self._held = [claim]
            try:
                await self._commit(0)
            except Interrupted:
                await self.store.requests.commit(claim, None)
            self.log.append(await self._standing())
        assert len(self._answered) == len(set(self._answered)), "a question was answered twice"

    async def _standing(self) -> object:
        stands = await self.store.conversations.read(CHANNEL)
        running = stands.running
        return (
            [(each.message, each.question, each.quotes, each.files, each.versions) for each in stands.turns],
            running and (running.request, running.progress),
            stands.waiting,
        )

    async def _submit(self, number: int) -> object:
        return await self.store.requests.submit(question_request(question(number)))

    async def _claim(self, number: int) -> object:
        claim = await self.store.requests.claim(CHANNEL, room=60 * number or None)
        if claim is None:
            return None
        self._held.append(claim)
        self._fences.append(claim.fence)
        assert self._fences == sorted(set(self._fences)), "a number was given twice, or went back"
        told = (claim.earlier, claim.turns, claim.turn)
        return (claim.request, claim.progress, claim.interruption, claim.attempts, told)

    async def _beat(self, number: int) -> object:
        if not self._held:
            return None
        claim = self._held[number % len(self._held)]
        return await self.store.requests.beat(claim, Progress(text=f"{number}", replies=("r1",)))

    async def _commit(self, number: int) -> object:
        if not self._held:
            return None
        claim = self._held[number % len(self._held)]
        more = await self.store.requests.commit(claim, became(claim))
        self._held.remove(claim)
        self._answered.append(claim.request.id)
        return more

    async def _release(self, number: int) -> object:
        if self._held:
            await self.store.requests.release(self._held.pop(), Progress(text="so far"))
        return None

    async def _fail(self, number: int) -> object:
        if self._held:
            await self.store.requests.release(self._held.pop(), Progress(), failed=True)
        return None

    async def _withdraw(self, number: int) -> object:
        return await self.store.conversations.interrupt(CHANNEL, f"{number}", Interruption.WITHDRAW)

    async def _revise(self, number: int) -> object:
        said = question(number, f"Why {number}?")
        return await self.store.conversations.interrupt(CHANNEL, said.id, Interruption.REVISE, said)

    async def _quote(self, number: int) -> object:
        said = message("" if number % 2 else "New words.", id=f"{number}", author=BOB)
        return (await self.store.conversations.interrupt(CHANNEL, said.id, Interruption.REVISE, said)).state

    async def _reset(self, _: int) -> object:
        return await self.store.conversations.reset(CHANNEL)

    async def _amend(self, number: int) -> object:
        for each in (await self.store.conversations.read(CHANNEL)).turns:
            if each.message == str(number):
                rating = {"screen::u-bob": Rating(good=True)}
                after = each.with_version(replace(each.version, ratings=rating))
                return await self.store.conversations.amend(CHANNEL, each, after)
        return None

    async def _forget(self, number: int) -> object:
        await self._expire()
        return await self.store.people.forget("screen::u-ada" if number % 2 == 0 else "screen::u-bob")

    async def _end_lease(self, _: int) -> object:
        await self._expire()
        return None


async def end_lease(store: InMemoryStore | RedisStore) -> None:
    if isinstance(store, InMemoryStore):
        store.box(CHANNEL).leased_until = 0.0
    else:
        await store.redis.delete(Keys(CHANNEL)["lease"])


async def both(redis_url: str, steps: list[Step]) -> None:
    async with emptied(redis_url) as redis:
        fake = InMemoryStore(lease=60)
        real, other = (RedisStore(redis, lease=60, history_days=1) for _ in range(2))
        await real.prepare()
        await other.prepare()
        players = Player(partial(end_lease, fake), fake), Player(partial(end_lease, real), real, other)
        for player in players:
            await player.play(steps)
        assert players[0].log == players[1].log


@example([("submit", 0), ("claim", 0), ("beat", 0), ("commit", 0)])
@example([("submit", 2), ("submit", 3), ("quote", 3)])
@example([("submit", 2), ("claim", 0), ("commit", 0), ("withdraw", 2)])
@given(st.lists(st.tuples(st.sampled_from(STEPS + OTHERS), st.integers(0, 5)), max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_real_store_and_the_fake_answer_each_question_once_and_alike(
    redis_url: str, steps: list[Step]
) -> None:
    asyncio.run(both(redis_url, steps))
