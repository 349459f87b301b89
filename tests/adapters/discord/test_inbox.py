"""Events on their way into the bot, while it takes none."""

import asyncio

from adapters.platforms.discord.inbox import Inbox
from adapters.platforms.discord.turns import Turns
from bot.conversation.events import Deleted, Event
from bot.conversation.room import Room
from bot.conversation.views import Notice
from tests.fakes.messages import CHANNEL, message


class Bot:
    """Takes nothing until it is `back`."""

    def __init__(self, room: Room) -> None:
        self.back = asyncio.Event()
        self.taken: list[str] = []
        self.told: list[str] = []
        self.turns = Turns()
        self.inbox = Inbox(self.receive, failed=self.failed, turns=self.turns, room=room)

    async def receive(self, event: Event) -> Notice | None:
        await self.back.wait()
        self.taken.append(getattr(event, "id", ""))
        return None

    async def failed(self, event: Event) -> None:
        self.told.append(getattr(event, "id", ""))

    async def until_idle(self) -> None:
        async with asyncio.timeout(5):
            while not self.inbox.idle:
                await asyncio.sleep(0)


async def test_what_waits_behind_others_of_its_place_counts_and_who_is_beyond_is_told() -> None:
    bot = Bot(Room(events=3))
    for number in range(5):
        bot.inbox.put(message(id=str(number)))
    bot.back.set()
    await bot.until_idle()
    assert bot.taken == ["0", "1", "2"]
    assert bot.told == ["3", "4"]


async def test_there_is_room_again_for_as_much_as_was_taken() -> None:
    bot = Bot(Room(events=1))
    bot.inbox.put(message(id="0"))
    bot.back.set()
    await bot.until_idle()
    bot.inbox.put(message(id="1"))
    await bot.until_idle()
    assert (bot.taken, bot.told) == (["0", "1"], [])


async def test_what_is_given_up_at_the_end_leaves_its_room_to_others() -> None:
    room = Room(events=2)
    first, other = Bot(room), Bot(room)
    for number in range(2):
        first.inbox.put(message(id=str(number)))
    await first.inbox.close()
    other.back.set()
    other.inbox.put(message(id="2"))
    await other.until_idle()
    assert (first.taken, other.taken, other.told) == ([], ["2"], [])


async def test_what_waits_for_what_was_said_before_waits_for_the_next_session_too() -> None:
    bot = Bot(Room())
    bot.back.set()
    bot.turns.hold_only([CHANNEL.key])
    bot.inbox.put(message(id="now"))
    await asyncio.sleep(0)
    bot.turns.hold_all()
    await asyncio.sleep(0)
    bot.inbox.put(message(id="later"))
    await asyncio.sleep(0)
    assert bot.taken == []
    bot.turns.hold_only([CHANNEL.key])
    await asyncio.sleep(0)
    assert bot.taken == []
    bot.turns.open(CHANNEL.key)
    await bot.until_idle()
    assert bot.taken == ["now", "later"]


async def test_what_waits_for_what_nobody_reads_any_more_is_left_to_whoever_listens_next() -> None:
    bot = Bot(Room())
    bot.back.set()
    bot.turns.hold_all()
    for event in (message(id="now"), Deleted(channel=CHANNEL, id="gone"), message(id="later")):
        bot.inbox.put(event)
    await asyncio.sleep(0)
    bot.turns.end()
    await bot.inbox.close()
    assert (bot.taken, bot.told, bot.inbox.idle) == (["gone"], [], False)
