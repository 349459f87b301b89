"""A store in which something of everything is kept, and more than one conversation."""

from dataclasses import replace

from adapters.stores.redis.client import Client
from adapters.stores.redis.copied import is_passing
from adapters.stores.redis.keys import Keys
from adapters.stores.redis.store import RedisStore
from bot.conversation.content import TextFile
from bot.conversation.events import ChannelRef
from bot.conversation.fleet import ProcessState
from bot.conversation.requests import Progress, Quota, Ticket, command_request, question_request
from bot.conversation.turns import Account, Rating, Turn, Version
from tests.fakes.messages import CHANNEL, PRIVATE, command, message, turn
from tests.redis_content import keys_in

FILE = TextFile(name="a.txt", text="letters " * 500)

NO_TEXT = b"\x00\xff\xfe{no UTF-8}\r\n"


async def opened(redis: Client) -> RedisStore:
    store = RedisStore(redis, lease=60, history_days=30)
    await store.prepare()
    return store


async def answered(store: RedisStore, channel: ChannelRef, answer: Turn) -> None:
    """A question that has this answer."""
    question = message(answer.question, id=answer.message, channel=channel)
    await store.requests.submit(question_request(question))
    claim = await store.requests.claim(channel)
    assert claim is not None
    await store.requests.commit(claim, answer)


def one(name: str) -> Turn:
    return turn("¿Por qué?", message=name, asked_at=4e9)


async def fill(redis: Client, conversations: int = 12) -> None:
    """Have it hold that."""
    store = await opened(redis)
    prompt = Account(
        model="m",
        settings={"system_prompt": "You are a pirate. ☠"},
        origins={},
        tokens=1,
        left_out_turns=0,
        left_out_tokens=0,
        seconds=1.0,
        ending="",
    )
    for number in range(conversations):
        channel = replace(CHANNEL, channel=f"c{number}")
        thread = replace(channel, channel=f"t{number}", parent=channel.channel)
        version = Version(text="Rayleigh.\u2028", account=prompt)
        await answered(store, channel, replace(one("1"), versions=(version,)))
        await answered(store, channel, replace(one("2"), files=(FILE,)))
        await answered(store, thread, one("3"))
    [kept] = (await store.conversations.read(replace(CHANNEL, channel="c0"), "1")).turns
    rated = replace(kept.versions[0], ratings={"screen::u-bob": Rating(good=True, why="Kurz.")})
    assert await store.conversations.amend(
        replace(CHANNEL, channel="c0"), kept, replace(kept, versions=(rated,))
    )
    await answered(store, PRIVATE, one("1"))
    await store.settings.change(CHANNEL, {"temperature": 0.3}, by="screen::u-ada")
    await store.requests.submit(question_request(message("Still waiting", id="9")))
    running = await store.requests.claim(CHANNEL)
    assert running is not None
    await store.requests.beat(running, Progress(text="So far", replies=("r1",)))
    await store.requests.submit(command_request(command("reset", id="7"), 1.0))
    await store.requests.submit(question_request(message("And then?", id="8", at=2.0)))
    await store.records("slack").save("installation", '{"token":"xoxb-1"}')
    await store.records("events").claim("once", 3600)
    await store.people.spend("screen::u-ada", "1", Quota(questions=5, seconds=3600))
    await store.budget.spend("window", 5, 1.0)
    await store.line.join(Ticket(id="x", person="screen::u-ada", placed=False), 0, 0)
    await store.leases("shards").hold(["0/1"], 1)
    await redis.rpush(Keys(CHANNEL).aside, NO_TEXT)
    await redis.hset("mixtral:{screen:w:c}:settings", mapping={"unknown": NO_TEXT})


async def sign(redis: Client, name: str = "here:1") -> None:
    """Have it look as if a process of that name were at work."""
    state = ProcessState(name=name, version="0.1.0", started=0.0, needs={})
    await RedisStore(redis, lease=6, history_days=30).fleet.sign(name, state)


async def kept_in(redis: Client) -> dict[str, tuple[str, object, bool]]:
    """All that a copy has to have."""
    return {key: held for key, held in (await keys_in(redis)).items() if not is_passing(key)}
