"""What was said while nobody was connected, on a local Discord."""

import asyncio

import pytest

from bot.conversation.events import Edited, Event, Said
from bot.conversation.requests import question_request
from bot.conversation.views import Notice
from bot.errors import StoreUnavailable
from tests.adapters.discord.online import online, platform_for
from tests.fakes.receiver import Receiver
from tests.fakes.store import InMemoryRecords, InMemoryStore
from tests.servers.discord import MESSAGE_CONTENT, DiscordServer, Fault, Message, User
from tests.servers.discord.permissions import READ_MESSAGE_HISTORY
from tests.servers.discord.world import Channel

ADMINISTRATOR = 1 << 3

READ = "/channels/{channel}/messages"


class NotHeard(InMemoryStore):
    """While it is `away` it does not say what was heard; `searched` is set when it was asked. While it is
    `full` it keeps nothing of that; `refused` is set when it was to, `noted` when it did."""

    def __init__(self) -> None:
        super().__init__()
        self.away = self.full = False
        self.searched, self.refused, self.noted = asyncio.Event(), asyncio.Event(), asyncio.Event()

    def records(self, kind: str) -> InMemoryRecords:
        return _NotHeard(self, kind)


class _NotHeard(InMemoryRecords):
    def __init__(self, store: NotHeard, kind: str) -> None:
        super().__init__(store, kind)
        self._not_heard = store

    async def load(self, name: str) -> str | None:
        if self._not_heard.away:
            self._not_heard.searched.set()
            raise StoreUnavailable("away")
        return await super().load(name)

    async def save(self, name: str, text: str, seconds: int | None = None) -> None:
        if self._not_heard.full:
            self._not_heard.refused.set()
            raise StoreUnavailable("full")
        await super().save(name, text, seconds)
        self._not_heard.noted.set()


@pytest.fixture
def store() -> InMemoryStore:
    return InMemoryStore()


def reads(server: DiscordServer) -> list[str]:
    """The channels whose messages were asked for, one for each request."""
    seen = [each for each in server.edge.requests if (each.method, each.route) == ("GET", READ)]
    return [each.path.split("/")[2] for each in seen]


async def ask(server: DiscordServer, who: User, text: str, channel: Channel | None = None) -> Message:
    return await server.say(channel or server.general, who, f"{server.bot.mention} {text}")


async def heard(ear: Receiver, count: int) -> list[Said]:
    return [await ear.question() for _ in range(count)]


async def meet(server: DiscordServer, store: InMemoryStore, who: User) -> None:
    """A first session, in which somebody asked; the requests of later ones are counted."""
    async with online(server, platform_for(server, store=store)) as ear:
        await ask(server, who, "first")
        await heard(ear, 1)
    server.edge.requests.clear()


async def test_what_was_said_meanwhile_is_handed_in_late_as_it_stands_there(
    server: DiscordServer, store: InMemoryStore, ann: User
) -> None:
    await meet(server, store, ann)
    changed, gone = await ask(server, ann, "chnaged"), await ask(server, ann, "gone")
    await server.rewrite(changed, f"{server.bot.mention} changed")
    await server.delete_message(gone)
    await server.say(server.general, ann, "to nobody")
    async with online(server, platform_for(server, store=store)) as ear:
        # That of before may not have been taken.
        first, missed = await ear.question(), await ear.question()
        edit = await asyncio.wait_for(ear.events.get(), timeout=5)
        await ask(server, ann, "now")
        live = await ear.question()
    assert [(each.text, each.late) for each in (first, missed, live)] == [
        ("first", True),
        ("changed", True),
        ("now", False),
    ]
    assert isinstance(edit, Edited)
    assert edit.message == missed
    assert reads(server) == [server.general.id]


async def test_a_session_that_is_lost_is_like_a_start_and_one_that_goes_on_needs_nothing(
    server: DiscordServer, store: InMemoryStore, ann: User
) -> None:
    async with online(server, platform_for(server, store=store)) as ear:
        await ask(server, ann, "first")
        await heard(ear, 1)
        server.edge.requests.clear()
        async with server.disconnected():
            await ask(server, ann, "second")
        assert [each.late for each in await heard(ear, 1)] == [False]
        assert reads(server) == []
        async with server.disconnected(forget=True):
            await ask(server, ann, "third")
        await server.until(lambda: server.gateway.identified == 2, timeout=30)
        third = await ear.question()
    assert (third.text, third.late) == ("third", True)


async def test_private_conversations_of_the_last_day_are_read(
    server: DiscordServer, store: InMemoryStore, ann: User
) -> None:
    bob = server.world.add_user("bob")
    async with online(server, platform_for(server, store=store)) as ear:
        for who in (ann, bob):
            await server.dm(who, "first")
            await store.requests.submit(question_request(await ear.question()))
    await store.people.forget(f"discord::{bob.id}")
    before = len(reads(server))
    for who in (ann, bob):
        await server.dm(who, "second")
    async with online(server, platform_for(server, store=store)) as ear:
        private = (await heard(ear, 2))[-1]
    assert (private.text, private.late, private.channel.private) == ("second", True, True)
    assert reads(server)[before:] == [server.world.direct_channel(ann).id]


async def test_of_a_private_conversation_that_nobody_knew_what_was_said_before_comes_first(
    server: DiscordServer, store: InMemoryStore, ann: User
) -> None:
    async with online(server, platform_for(server, store=store)):
        pass
    await server.dm(ann, "first")
    async with online(server, platform_for(server, store=store)) as ear:
        for text in ("second", "third"):
            await server.dm(ann, text)
        private = await heard(ear, 3)
    assert [(each.text, each.late) for each in private] == [
        ("first", True),
        ("second", False),
        ("third", False),
    ]
    assert reads(server) == [server.world.direct_channel(ann).id]


async def test_what_is_said_now_waits_for_what_was_said_there_before(
    server: DiscordServer, store: InMemoryStore, ann: User
) -> None:
    other = await server.add_channel("other")
    await meet(server, store, ann)
    for text in ("second", "third"):
        await ask(server, ann, text)
    page = Fault(method="GET", path=f"/channels/{server.general.id}/messages", status=500)
    server.fail(page)
    async with online(server, platform_for(server, store=store)) as ear:
        await ask(server, ann, "now")
        await ask(server, ann, "elsewhere", other)
        texts = [each.text for each in await heard(ear, 5)]
    assert texts[0] == "elsewhere"
    assert texts[-3:] == ["second", "third", "now"]


async def test_where_the_bot_may_not_read_nothing_is_asked(
    server: DiscordServer, store: InMemoryStore, ann: User
) -> None:
    await meet(server, store, ann)
    server.world.bot_permissions &= ~(ADMINISTRATOR | READ_MESSAGE_HISTORY)
    await ask(server, ann, "second")
    async with online(server, platform_for(server, store=store)) as ear:
        await ask(server, ann, "now")
        assert [each.text for each in await heard(ear, 1)] == ["now"]
    assert reads(server) == []


async def test_a_place_that_can_not_be_read_stops_no_other(
    server: DiscordServer, store: InMemoryStore, ann: User
) -> None:
    other = await server.add_channel("other")
    await meet(server, store, ann)
    await ask(server, ann, "second")
    await ask(server, ann, "elsewhere", other)
    path = f"/channels/{server.general.id}/messages"
    server.fail(Fault(method="GET", path=path, status=403, code=50001, times=None))
    async with online(server, platform_for(server, store=store)) as ear:
        assert [each.text for each in await heard(ear, 1)] == ["elsewhere"]
        await ask(server, ann, "now")
        assert [each.text for each in await heard(ear, 1)] == ["now"]


async def test_a_place_that_can_not_be_read_for_the_moment_is_read_then(
    server: DiscordServer, store: InMemoryStore, ann: User
) -> None:
    await meet(server, store, ann)
    await ask(server, ann, "second")
    path = f"/channels/{server.general.id}/messages"
    server.fail(Fault(method="GET", path=path, status=400))
    async with online(server, platform_for(server, store=store)) as ear:
        assert [each.text for each in await heard(ear, 2)] == ["first", "second"]


async def test_more_than_a_page_is_read(server: DiscordServer, store: InMemoryStore, ann: User) -> None:
    await meet(server, store, ann)
    for number in range(150):
        await server.say(server.general, ann, f"{number}")
    await ask(server, ann, "second")
    async with online(server, platform_for(server, store=store)) as ear:
        assert (await heard(ear, 2))[-1].text == "second"
    assert reads(server) == [server.general.id] * 2


async def test_a_follow_up_in_a_thread_is_read_with_the_intent(store: InMemoryStore) -> None:
    async with DiscordServer(privileged=MESSAGE_CONTENT) as server:
        ann = server.world.add_user("ann")
        thread = await server.open_thread(await server.say(server.general, ann, "Lamps"), "lamps")
        async with online(server, platform_for(server, store=store, message_content=True)) as ear:
            await ask(server, ann, "first", thread)
            await heard(ear, 1)
        await server.say(thread, ann, "second")
        async with online(server, platform_for(server, store=store, message_content=True)) as ear:
            follow_up = (await heard(ear, 2))[-1]
    assert (follow_up.text, follow_up.late, follow_up.channel.parent) == ("second", True, thread.parent)


async def test_what_the_store_had_not_taken_is_read_again(
    server: DiscordServer, store: InMemoryStore, ann: User
) -> None:
    other = await server.add_channel("other")
    await meet(server, store, ann)
    slow = Receiver()
    async with online(server, platform_for(server, store=store), slow):
        await heard(slow, 1)  # that of before
        slow.seconds = 60.0
        await ask(server, ann, "second")
        await heard(slow, 1)
        server.world.minutes_ago = -1  # a minute later
        await ask(server, ann, "third", other)
        await heard(slow, 1)
    async with online(server, platform_for(server, store=store)) as ear:
        assert {each.text for each in await heard(ear, 3)} == {"first", "second", "third"}


async def test_what_is_said_now_waits_while_the_store_is_away_for_what_was_said_before(
    server: DiscordServer, ann: User
) -> None:
    store = NotHeard()
    await meet(server, store, ann)
    await ask(server, ann, "second")
    async with online(server, platform_for(server, store=store)) as ear:
        store.away = True
        await ask(server, ann, "now")
        await asyncio.wait_for(store.searched.wait(), timeout=5)
        store.away = False
        texts = [each.text for each in await heard(ear, 3)]
    assert texts == ["first", "second", "now"]


async def test_what_is_heard_is_not_read_again_while_the_search_can_not_be_ended(
    server: DiscordServer, ann: User
) -> None:
    store, bot = NotHeard(), Receiver()
    await meet(server, store, ann)
    async with online(server, platform_for(server, store=store), bot):
        store.full = True
        await asyncio.wait_for(store.refused.wait(), timeout=5)
        bot.faults = [StoreUnavailable("full")]  # its person is told that nothing comes of it
        await ask(server, ann, "now")
        await server.until(lambda: not bot.faults)
        before = len(reads(server))
        await server.until(lambda: len(reads(server)) > before + 1)
        store.full = False
    heard_of = [bot.events.get_nowait() for _ in range(bot.events.qsize())]
    assert "now" not in [event.text for event in heard_of if isinstance(event, Said)]


class TakesNothingNew(Receiver):
    """Only what was missed."""

    async def receive(self, event: Event) -> Notice | None:
        if isinstance(event, Said) and not event.late:
            await asyncio.Event().wait()
        return await super().receive(event)


async def test_what_was_heard_during_a_search_and_never_taken_is_read_in_the_next_session(
    server: DiscordServer, ann: User
) -> None:
    store, other = NotHeard(), await server.add_channel("other")
    await meet(server, store, ann)
    store.noted.clear()
    async with online(server, platform_for(server, store=store), TakesNothingNew()):
        await ask(server, ann, "now")
        server.world.minutes_ago = -1  # a minute later
        await ask(server, ann, "later", other)
        await asyncio.wait_for(store.noted.wait(), timeout=10)
    async with online(server, platform_for(server, store=store)) as ear:
        assert {each.text for each in await heard(ear, 3)} == {"first", "now", "later"}
