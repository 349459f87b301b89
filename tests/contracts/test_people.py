"""What every store keeps of a person, gives to them, and forgets: looked for in every byte of it."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from adapters.stores.redis.pseudonyms import Pseudonyms
from adapters.stores.redis.server import redis_client
from adapters.stores.redis.store import RedisStore
from bot.commands import invoke
from bot.conversation.content import Quote, TextFile
from bot.conversation.events import Author, ChannelRef, Said
from bot.conversation.layers import Scope
from bot.conversation.requests import Claim, Interruption, Progress, Request, Work, question_request
from bot.conversation.turns import Account, Forgotten, Rating, Turn, Version, find_turn
from bot.ports import Store
from tests.contracts.conftest import LEASE, on_redis
from tests.contracts.test_requests import QUOTA, lease_over
from tests.fakes.messages import BOB, CHANNEL, PRIVATE, command, message
from tests.fakes.messages import turn as turn_of
from tests.fakes.receiver import context
from tests.fakes.store import InMemoryStore
from tests.redis_content import opened

ADA = Author(id="u-815", name="Lovelace")
ADA_S, BOB_S = "screen::u-815", "screen::u-bob"
THREAD = replace(CHANNEL, channel="t", parent="c")
ELSEWHERE = replace(CHANNEL, channel="elsewhere")
RATED = replace(CHANNEL, channel="rated")

WORD = "xyzzy"
"""Stands in everything that Ada writes, with what it is behind it."""


def words(what: str) -> str:
    return f"{WORD}-{what}."


WROTE = (
    "question", "file", "answer", "quoted-in-a-turn", "quoted-in-a-question-that-waits",
    "first-prompt", "saved-prompt", "workspace-prompt", "private-question",
    "private-prompt", "waiting-question", "reason", "reason-elsewhere",
)  # fmt: skip


def traces(content: str) -> list[str]:
    """What in there is of Ada, or says who she is."""
    return [needle for needle in (WORD, ADA.id, ADA.name) if needle in content]


async def whole(store: Store) -> str:
    """Everything that the store holds."""
    if isinstance(store, InMemoryStore):
        return repr((store.boxes, dict(store.set), store.authors))
    assert isinstance(store, RedisStore)
    return await opened(store.redis)


def account(prompt: str = "") -> Account:
    return Account(
        model="mixtral",
        settings={"temperature": 0.3, "system_prompt": prompt},
        origins={"system_prompt": "channel"},
        tokens=17,
        left_out_turns=0,
        left_out_tokens=0,
        seconds=1.5,
        ending="end",
    )


def became(claim: Claim, answer: str, *, files: tuple[TextFile, ...] = ()) -> Turn:
    """The turn of a claim, written under the system prompt that held when it was taken."""
    sent, layers = claim.message, claim.settings
    prompt = layers.channel.get("system_prompt") or layers.workspace.get("system_prompt") or ""
    turn = turn_of(sent.text, message=sent.id, author=sent.author.name, person=sent.person, asked_at=4e9)
    version = Version(text=answer, account=account(str(prompt)))
    return replace(turn, versions=(version,), quotes=sent.quotes, files=files)


async def taken(store: Store, request: Request) -> Claim:
    await store.requests.submit(request)
    claim = await store.requests.claim(request.message.channel)
    assert claim is not None
    return claim


async def answered(store: Store, sent: Said, answer: str, **more: Any) -> None:
    claim = await taken(store, question_request(sent))
    await store.requests.commit(claim, became(claim, answer, **more))


async def rate(store: Store, channel: ChannelRef, question: str, person: str, why: str) -> None:
    turn = find_turn((await store.conversations.read(channel)).turns, question)
    assert turn is not None
    ratings = {**turn.version.ratings, person: Rating(good=False, why=why)}
    rated = turn.with_version(replace(turn.version, ratings=ratings))
    assert await store.conversations.amend(channel, turn, rated)


def by_ada(what: str, *, id: str, at: float = 1.0, channel: ChannelRef = CHANNEL) -> Said:  # noqa: A002
    return message(words(what), id=id, at=at, channel=channel, author=ADA)


def by_bob(id: str, *quoted: str, channel: ChannelRef = CHANNEL, at: float = 1.0) -> Said:  # noqa: A002
    quotes = tuple(Quote(author=ADA.name, text=words(each), person=ADA_S) for each in quoted)
    return message(f"Bob asks {id}.", id=id, at=at, channel=channel, author=BOB, quotes=quotes)


async def life(store: Store) -> Claim:
    """All that can be kept of Ada; and the claim on a question of Bob's that is being answered."""
    change = store.settings.change
    await change(CHANNEL, {"system_prompt": words("first-prompt"), "seed": 7}, by=ADA_S)
    await answered(
        store,
        replace(by_ada("question", id="a1"), quotes=(Quote(author="Bob", text="Bob's", person=BOB_S),)),
        words("answer"),
        files=(TextFile(name="notes.txt", text=words("file")),),
    )
    await change(CHANNEL, {"prompt:pirate": words("saved-prompt")}, by=ADA_S)
    await change(CHANNEL, {"system_prompt": words("saved-prompt")}, by=BOB_S)
    await answered(store, by_bob("b1", "quoted-in-a-turn"), "Bob's first answer.")
    await rate(store, CHANNEL, "b1", ADA_S, words("reason"))
    await rate(store, CHANNEL, "b1", BOB_S, "Bob's reason.")
    await answered(store, by_bob("b0", channel=THREAD), "Bob's answer in a thread.")
    await change(ELSEWHERE, {"system_prompt": words("workspace-prompt")}, by=ADA_S, scope=Scope.WORKSPACE)
    await answered(store, by_bob("b5", channel=ELSEWHERE), "Bob's answer elsewhere.")
    await change(ELSEWHERE, {"system_prompt": "Bob's prompt."}, by=BOB_S, scope=Scope.WORKSPACE)
    await answered(store, by_bob("b6", channel=RATED), "Bob's answer that is rated.")
    await rate(store, RATED, "b6", ADA_S, words("reason-elsewhere"))
    await change(PRIVATE, {"system_prompt": words("private-prompt"), "temperature": 0.123}, by=ADA_S)
    await answered(store, by_ada("private-question", id="p1", channel=PRIVATE), "In private.")
    for event in ("1", "2"):
        await store.people.spend(ADA_S, event, QUOTA)
    claim = await taken(store, question_request(by_bob("b2", "quoted-in-a-turn", at=2)))
    await store.requests.submit(question_request(by_bob("b3", "quoted-in-a-question-that-waits", at=3)))
    await store.requests.submit(question_request(by_ada("waiting-question", id="a2", at=4)))
    manager = replace(by_ada("question", id="a1"), author=BOB)
    await store.requests.submit(Request(id="again:a1:1", at=5, work=Work.AGAIN, message=manager))
    return claim


async def exported(store: Store) -> str:
    given = replace(context(), store=store)
    response = await invoke(command("export", author=ADA), given)
    assert response.notice is not None
    assert response.notice.file is not None
    return response.notice.file.content.decode()


async def test_what_is_exported_is_all_that_is_forgotten(store: Store) -> None:
    await life(store)
    content = await exported(store)
    assert [what for what in WROTE if words(what) not in content] == []
    assert '"temperature": 0.123' in content
    assert "Bob" not in content.replace(words("answer"), "")
    gone = await store.people.forget(ADA_S)
    assert gone == Forgotten(turns=3, mentions=3, texts=3, ratings=2)
    assert traces(await whole(store)) == []
    nothing = json.loads(await exported(store))
    assert nothing["conversations"] == []
    assert await store.people.unfinished() == []


async def test_others_keep_what_is_theirs(store: Store) -> None:
    await life(store)
    await store.people.forget(ADA_S)
    (turn,) = (await store.conversations.read(CHANNEL)).turns
    assert (turn.message, turn.answer, turn.quotes) == ("b1", "Bob's first answer.", ())
    assert turn.version.ratings == {BOB_S: Rating(good=False, why="Bob's reason.")}
    assert turn.version.account is not None
    assert turn.version.account.settings == {"temperature": 0.3, "system_prompt": ""}
    assert [each.message for each in (await store.conversations.read(RATED)).turns] == ["b6"]
    layers = await store.settings.read(CHANNEL, "")
    assert (layers.channel, layers.workspace) == ({"seed": 7}, {"system_prompt": "Bob's prompt."})
    assert (await store.settings.read(PRIVATE, "")).channel == {}


async def test_what_is_done_for_others_meanwhile_brings_nothing_back(store: Store) -> None:
    claim = await life(store)
    await store.people.forget(ADA_S)
    assert await store.requests.commit(claim, became(claim, "Bob's second answer."))
    assert traces(await whole(store)) == []
    turn = find_turn((await store.conversations.read(CHANNEL)).turns, "b2")
    assert turn is not None
    assert turn.answer == "Bob's second answer."
    following = await store.requests.claim(CHANNEL)
    assert following is not None
    assert (following.message.id, following.message.quotes) == ("b3", ())
    assert not await store.requests.commit(following, became(following, "Bob's third answer."))


async def test_another_version_for_others_brings_no_rating_back(store: Store) -> None:
    await answered(store, by_bob("b1", "quoted-in-a-turn"), "First.")
    await rate(store, CHANNEL, "b1", ADA_S, words("reason"))
    again = Request(id="again:b1:1", at=5, work=Work.AGAIN, message=by_bob("b1"))
    claim = await taken(store, again)
    await store.people.forget(ADA_S)
    turn = claim.turn
    assert turn is not None
    await store.requests.commit(claim, replace(turn, versions=(*turn.versions, Version(text="Second."))))
    assert traces(await whole(store)) == []
    (turn,) = (await store.conversations.read(CHANNEL)).turns
    assert [version.text for version in turn.versions] == ["First.", "Second."]


async def test_who_was_forgotten_can_begin_anew(store: Store) -> None:
    await life(store)
    await store.people.forget(ADA_S)
    await answered(store, by_ada("new", id="p2", channel=PRIVATE), "Hello again.")
    assert [turn.question for turn in (await store.conversations.read(PRIVATE)).turns] == [words("new")]
    assert words("new") in await exported(store)


async def test_nobody_gets_new_questions_by_being_forgotten(store: Store) -> None:
    await life(store)
    await store.people.forget(ADA_S)
    assert (await store.people.spend(ADA_S, "3", QUOTA)).resets_in is not None


async def test_a_text_that_another_saves_stays_its_authors(store: Store) -> None:
    await store.settings.change(CHANNEL, {"system_prompt": words("prompt")}, by=ADA_S, scope=Scope.WORKSPACE)
    await store.settings.change(CHANNEL, {"prompt:copy": words("prompt")}, by=BOB_S)
    await store.settings.change(CHANNEL, {"prompt:own": "Bob's prompt."}, by=BOB_S)
    await store.people.forget(BOB_S)
    assert set((await store.settings.read(CHANNEL, "")).channel) == {"prompt:copy"}
    assert words("prompt") in await exported(store)
    await store.people.forget(ADA_S)
    assert traces(await whole(store)) == []


async def test_a_question_that_is_being_answered_is_withdrawn(store: Store) -> None:
    claim = await taken(store, question_request(by_ada("question", id="a1")))
    await store.requests.beat(claim, Progress(text=words("half-an-answer"), replies=("r1",)))

    async def work() -> None:
        while await store.requests.beat(claim, Progress()) is not Interruption.WITHDRAW:
            await asyncio.sleep(LEASE / 10)
        await store.requests.commit(claim, None)

    gone, _ = await asyncio.gather(store.people.forget(ADA_S), work())
    assert gone.turns == 1
    assert traces(await whole(store)) == []


async def test_a_question_whose_holder_died_is_forgotten_too(store: Store) -> None:
    claim = await taken(store, question_request(by_ada("question", id="a1")))
    await store.requests.beat(claim, Progress(text=words("half-an-answer"), replies=("r1",)))
    await store.people.forget(ADA_S)
    assert traces(await whole(store)) == []
    assert await store.requests.claim(CHANNEL) is None


async def test_an_edit_that_quotes_somebody_is_found(store: Store) -> None:
    await store.requests.submit(question_request(by_bob("b1")))
    edited = replace(by_bob("b1", "quoted-in-a-turn"), text="Bob asks otherwise.")
    assert (await store.conversations.interrupt(CHANNEL, "b1", Interruption.REVISE, edited)).state
    gone = await store.people.forget(ADA_S)
    assert gone.mentions == 1
    assert traces(await whole(store)) == []


async def test_forgetting_that_a_dead_process_began_is_ended_by_another(redis: Redis) -> None:
    store, other = await on_redis(redis), await on_redis(redis)
    await life(store)
    working = await taken(store, question_request(by_ada("question", id="n1", channel=ELSEWHERE)))

    async def beats() -> None:
        while True:
            await store.requests.beat(working, Progress())
            await asyncio.sleep(LEASE / 10)

    beating = asyncio.create_task(beats())
    dying = asyncio.create_task(store.people.forget(ADA_S))
    async with asyncio.timeout(10):
        while not await told(store, working):
            await asyncio.sleep(0.01)
    assert await other.people.unfinished() == []  # it still gives signs of life
    dying.cancel()
    beating.cancel()
    await asyncio.gather(dying, beating, return_exceptions=True)
    assert WORD in await whole(store)
    await lease_over()
    assert await other.people.unfinished() == [ADA_S]
    for person in await other.people.unfinished():
        await other.people.forget(person)
    assert traces(await whole(store)) == []
    assert await other.people.unfinished() == []


async def told(store: Store, claim: Claim) -> bool:
    """Whether the holder of this claim has been told to end."""
    return await store.requests.beat(claim, Progress()) is Interruption.WITHDRAW


async def test_an_index_stays_as_long_as_what_it_leads_to(redis: Redis) -> None:
    people = Pseudonyms(redis, kept=2000)
    await people.prepare()
    store = await on_redis(redis)
    await life(store)
    commands = people.noting([ADA_S], CHANNEL)
    for each in commands:
        await redis.execute_command(*each)  # type: ignore[no-untyped-call]
    passing, lasting = [
        str(line[1]) for line in (commands[0], people.noting([ADA_S], CHANNEL, for_good=True)[0])
    ]
    # The last question of a conversation may come 1000 s after theirs, and keeps it for 1000 s more.
    assert await redis.ttl(passing) >= 2000
    assert await redis.ttl(lasting) == -1
    await redis.delete(passing)
    left = {kept.channel.key: kept for kept in await store.people.export(ADA_S)}
    assert words("private-prompt") in {text for _, text in left[PRIVATE.key].texts}
    assert words("saved-prompt") in {text for _, text in left[CHANNEL.key].texts}


async def test_the_servers_file_loses_it_too(tmp_path: Path) -> None:
    async with redis_client("", tmp_path) as redis:
        await redis.config_set("aof-use-rdb-preamble", "no")  # which would compress what we look for
        store = await on_redis(redis)
        await life(store)
        async with asyncio.timeout(10):
            while traces(written(tmp_path)) != [WORD, ADA.id, ADA.name]:
                await asyncio.sleep(0.05)
        await store.people.forget(ADA_S)
        async with asyncio.timeout(10):
            while traces(written(tmp_path)):
                await asyncio.sleep(0.05)
        assert "Bob's first answer." in written(tmp_path)


def written(folder: Path) -> str:
    """What stands in the server's files, its log aside."""
    texts = []
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # the server has just written it anew under another name
            if path.is_file() and path.suffix != ".log":
                texts.append(path.read_bytes().decode(errors="replace"))
    return "".join(texts)


async def test_a_forgotten_person_s_private_settings_go_and_nobody_else_s(store: Store) -> None:
    theirs, others = PRIVATE, replace(PRIVATE, channel="bob's")
    await store.settings.change(theirs, {"temperature": 0.1}, by=ADA_S)
    await store.settings.change(others, {"temperature": 0.2}, by=BOB_S)
    await store.people.forget(ADA_S)
    assert (await store.settings.read(theirs, ADA_S)).channel == {}
    assert (await store.settings.read(others, BOB_S)).channel == {"temperature": 0.2}
