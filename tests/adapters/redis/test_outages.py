"""A server that takes nothing for a while: it is told in words, and nothing is half done or counted twice."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.stores.redis.client import Client, ask
from adapters.stores.redis.server import redis_client
from adapters.stores.redis.store import RedisStore
from bot.conversation.requests import (
    Claim,
    Price,
    Progress,
    Quota,
    Running,
    Submission,
    Ticket,
    question_request,
)
from bot.conversation.turns import Turn
from bot.errors import StoreFull, StoreUnavailable
from tests.adapters.redis.test_connection import own_server
from tests.fakes.messages import CHANNEL, message, turn

Step = Callable[[Client, Path], Awaitable[object]]

QUOTA = Quota(questions=2, seconds=3600.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """How it comes and goes, and what is told meanwhile."""

    comes: Step
    goes: Step
    words: str


def saying(*commands: str) -> Step:
    async def say(client: Client, folder: Path) -> None:
        for command in commands:
            await ask(client, {}, *command.split())

    return say


async def loses_its_folder(client: Client, folder: Path) -> None:
    await ask(client, {}, "CONFIG", "SET", "save", "3600 1")
    shutil.rmtree(folder)
    await ask(client, {}, "BGSAVE")
    async with asyncio.timeout(10):
        while (await ask(client, {}, "INFO", "persistence"))["rdb_last_bgsave_status"] == "ok":
            await asyncio.sleep(0.02)


async def does_without_its_folder(client: Client, folder: Path) -> None:
    await ask(client, {}, "CONFIG", "SET", "stop-writes-on-bgsave-error", "no")
    # Else it would not end before it has written there.
    await ask(client, {}, "CONFIG", "SET", "save", "")


OUTAGES = {
    "full": Outage(
        comes=saying("CONFIG SET maxmemory 1"),
        goes=saying("CONFIG SET maxmemory 0"),
        words="its memory is full. Raise its maxmemory, or lower BOT_HISTORY_DAYS.",
    ),
    "a replica": Outage(
        comes=saying("REPLICAOF 127.0.0.1 1"),
        goes=saying("REPLICAOF NO ONE"),
        words="it takes no value (ReadOnlyError). This is a replica",
    ),
    "without its replicas": Outage(
        comes=saying("CONFIG SET min-replicas-to-write 1"),
        goes=saying("CONFIG SET min-replicas-to-write 0"),
        words="it takes no value without its replicas.",
    ),
    "without its disk": Outage(
        comes=loses_its_folder,
        goes=does_without_its_folder,
        words="it takes no value, as it can't write to its disk.",
    ),
}


@pytest.fixture
async def client(unused_tcp_port: int, tmp_path: Path) -> AsyncIterator[Client]:
    (tmp_path / "kept").mkdir()
    async with (
        own_server(unused_tcp_port, "--dir", str(tmp_path / "kept")),
        redis_client(f"redis://127.0.0.1:{unused_tcp_port}", tmp_path) as client,
    ):
        yield client


@pytest.mark.parametrize("outage", OUTAGES.values(), ids=list(OUTAGES))
async def test_what_is_wrong_is_told_and_it_goes_on_where_it_was(
    client: Client, tmp_path: Path, outage: Outage
) -> None:
    store = RedisStore(client, lease=5.0, history_days=30)
    await store.prepare()
    # The server knows the scripts from an earlier question.
    assert await store.people.spend("ada", "1", QUOTA) == Price()
    await store.requests.submit(question_request(message()))
    await outage.comes(client, tmp_path / "kept")
    asked = question_request(message(id="2"))
    with pytest.raises(StoreUnavailable) as told:
        await store.people.spend("ada", "2", QUOTA)
    assert outage.words in str(told.value)
    with pytest.raises(StoreUnavailable) as told:
        await store.requests.submit(asked)
    assert outage.words in str(told.value)
    await outage.goes(client, tmp_path / "kept")
    assert await store.people.spend("ada", "2", QUOTA) == Price()
    assert (await store.people.spend("ada", "3", QUOTA)).resets_in
    assert await store.requests.submit(asked) is Submission.NEW
    assert await store.requests.submit(asked) is Submission.DUPLICATE
    assert await store.requests.claim(CHANNEL) is not None


TAKES_NOTHING = {name: outage for name, outage in OUTAGES.items() if name != "full"}


@pytest.mark.parametrize("outage", TAKES_NOTHING.values(), ids=list(TAKES_NOTHING))
async def test_an_answer_that_could_not_be_kept_is_kept_once_afterwards(
    client: Client, tmp_path: Path, outage: Outage
) -> None:
    store = RedisStore(client, lease=5.0, history_days=30)
    await store.prepare()
    # The server knows the scripts from an earlier question.
    claim = await claimed(store, "1")
    await store.requests.beat(claim, Progress())
    await store.requests.commit(claim, answer_to(claim))
    claim = await claimed(store, "2")
    await outage.comes(client, tmp_path / "kept")
    with pytest.raises(StoreUnavailable):
        await store.requests.beat(claim, Progress(text="Ray", replies=("r2",)))
    with pytest.raises(StoreUnavailable):
        await store.requests.commit(claim, answer_to(claim))
    await outage.goes(client, tmp_path / "kept")
    assert await store.requests.beat(claim, Progress(text="Rayleigh", replies=("r2",))) is None
    assert not await store.requests.commit(claim, answer_to(claim))
    assert [each.message for each in (await store.conversations.read(CHANNEL)).turns] == ["1", "2"]


@pytest.mark.parametrize("name", ["full", "without its disk"])
async def test_it_is_told_apart_from_an_absence_that_somebody_has_to_make_room(
    client: Client, tmp_path: Path, name: str
) -> None:
    store = RedisStore(client, lease=5.0, history_days=30)
    await store.prepare()
    await OUTAGES[name].comes(client, tmp_path / "kept")
    with pytest.raises(StoreFull):
        await store.requests.submit(question_request(message()))
    with pytest.raises(StoreFull):
        await store.settings.change(CHANNEL, {"temperature": 0.1}, by="ada")
    await OUTAGES[name].goes(client, tmp_path / "kept")


async def test_a_full_server_takes_nothing_new_and_all_that_was_taken_on_is_done(
    client: Client, tmp_path: Path
) -> None:
    store = RedisStore(client, lease=5.0, history_days=30)
    await store.prepare()
    claim = await claimed(store, "1")
    await store.requests.submit(question_request(message(id="2")))
    await OUTAGES["full"].comes(client, tmp_path / "kept")
    await store.prepare()
    ticket = Ticket(id="t", person="ada")
    assert await store.line.join(ticket, 1, 0) == 0
    assert await store.requests.beat(claim, Progress(text="Rayleigh", replies=("r1",))) is None
    assert (await store.conversations.read(CHANNEL)).running == Running(
        request=claim.request, progress=Progress(text="Rayleigh", replies=("r1",))
    )
    assert await store.requests.commit(claim, answer_to(claim)), "another one waits"
    assert await store.conversations.of_message(CHANNEL, "r1") == CHANNEL
    next_claim = await store.requests.claim(CHANNEL)
    assert next_claim is not None
    assert next_claim.message.id == "2"
    await store.requests.release(next_claim, Progress(text="Ray", replies=("r2",)))
    assert CHANNEL in await store.requests.orphans(lambda *_: True)
    assert await store.requests.submit(question_request(message(id="1"))) is Submission.DUPLICATE
    with pytest.raises(StoreFull):
        await store.requests.submit(question_request(message(id="3")))
    with pytest.raises(StoreFull):
        await store.people.spend("ada", "3", QUOTA)


async def test_people_can_be_forgotten_on_a_full_server(client: Client, tmp_path: Path) -> None:
    store = RedisStore(client, lease=5.0, history_days=30)
    await store.prepare()
    claim = await claimed(store, "1")
    await store.requests.commit(claim, answer_to(claim))
    await OUTAGES["full"].comes(client, tmp_path / "kept")
    assert (await store.people.forget(message().person)).turns == 1
    assert not (await store.conversations.read(CHANNEL)).turns


async def claimed(store: RedisStore, name: str) -> Claim:
    await store.requests.submit(question_request(message(id=name)))
    claim = await store.requests.claim(CHANNEL)
    assert claim is not None
    return claim


def answer_to(claim: Claim) -> Turn:
    return turn(message=claim.message.id, replies=(f"r{claim.message.id}",), asked_at=4e9)
