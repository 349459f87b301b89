"""What the model is told of cards, forwards, titles and pictures: the whole bot on a local Discord."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from tests.adapters.discord.online import discords_own_addresses, platform_for
from tests.fakes.bot import Bot
from tests.fakes.model import Speaker
from tests.servers.discord import MESSAGE_CONTENT, Channel, DiscordServer, Fault, Message, payloads
from tests.servers.discord.gateway import GUILDS
from tests.servers.discord.world import Payload

CARD: Payload = {
    "type": "rich",
    "title": "Disk almost full on web-3",
    "description": "/var is at 97 %, growing 2 % an hour.",
    "url": "https://alerts.example/4711",
    "fields": [{"name": "Severity", "value": "critical", "inline": True}],
    "color": 15158332,
}
CARD_TEXT = (
    "**Disk almost full on web-3** <https://alerts.example/4711>\n"
    "/var is at 97 %, growing 2 % an hour.\n- Severity: critical"
)
QUOTED_CARD = "\n".join(f"> {line}" for line in CARD_TEXT.splitlines())
FORUM = "7000"
ANSWER = "Because."


class Place:
    """A local Discord, and the whole bot there with a model that only ever says `ANSWER`."""

    def __init__(self, server: DiscordServer, *, message_content: bool) -> None:
        self.server = server
        self.bot = Bot(
            Speaker((ANSWER,), every=0),
            platform=platform_for(server, message_content=message_content),
            clock=time.time,
        )
        self.ann = server.world.add_user("ann")
        self.alerts = server.world.add_user("alertbot", bot=True)
        self.direct = server.world.direct_channel(self.ann)

    async def answers(self, channel: Channel, count: int = 1) -> list[str]:
        """What the bot has written there, once it is so much."""
        await self.server.until(lambda: len(self.server.answers(channel)) >= count)
        return [message.content for message in self.server.answers(channel)]

    async def asked(self) -> None:
        """Wait until the model was asked something."""
        await self.server.until(lambda: self.bot.model.prompts)

    def told(self) -> str:
        """What the model read last."""
        return self.bot.model.prompts[-1].messages[-1].content


@asynccontextmanager
async def place(*, message_content: bool = False) -> AsyncIterator[Place]:
    privileged = MESSAGE_CONTENT if message_content else 0
    async with discords_own_addresses(), DiscordServer(privileged=privileged) as server:
        here = Place(server, message_content=message_content)
        async with here.bot.running():
            await server.until(lambda: server.gateway.identified and server.world.commands)
            yield here


async def test_a_file_that_was_passed_on_is_read() -> None:
    async with place() as here:
        files = [("report.txt", b"Quarterly report: revenue 4711, churn 3 percent.", "text/plain")]
        report = await here.server.say(here.server.general, here.ann, "", attachments=files)
        await here.server.say(here.direct, here.ann, "", forward=report)
        await here.answers(here.direct)
        assert "revenue 4711" in here.told()
        await here.server.say(here.direct, here.ann, "what is the revenue in the report I forwarded?")
        await here.answers(here.direct, 2)
        assert "revenue 4711" in here.bot.model.prompts[-1].text
        assert here.told().endswith("what is the revenue in the report I forwarded?")


async def test_a_card_that_was_passed_on_is_seen() -> None:
    async with place() as here:
        alert = await here.server.say(here.server.general, here.alerts, "", embeds=[CARD])
        await here.server.say(here.direct, here.ann, "", forward=alert)
        await here.answers(here.direct)
        assert here.told() == QUOTED_CARD


async def test_a_card_that_is_replied_to_is_seen() -> None:
    async with place(message_content=True) as here:
        alert = await here.server.say(here.server.general, here.alerts, "", embeds=[CARD])
        asked = f"{here.server.bot.mention} what should I do about this?"
        await here.server.say(here.server.general, here.ann, asked, reply_to=alert)
        assert await here.answers(here.server.general) == [ANSWER]
        assert here.told() == f"Ann: alertbot wrote:\n{QUOTED_CARD}\n\nwhat should I do about this?"


async def test_a_card_that_may_not_be_read_is_not_guessed_at() -> None:
    async with place() as here:
        alert = await here.server.say(here.server.general, here.alerts, "", embeds=[CARD])
        asked = f"{here.server.bot.mention} what should I do about this?"
        await here.server.say(here.server.general, here.ann, asked, reply_to=alert)
        [said] = await here.answers(here.server.general)
        assert "Ask about this message" in said
        assert here.bot.model.prompts == []


async def test_the_menu_shows_the_card_without_the_intent() -> None:
    async with place() as here:
        alert = await here.server.say(here.server.general, here.alerts, "", embeds=[CARD])
        opened = await here.server.menu(alert, here.ann, "Ask about this message")
        await here.server.until(lambda: opened.form)
        sent = await here.server.send_form(opened)
        await here.server.until(lambda: sent.answered)
        assert QUOTED_CARD in here.told()


async def test_a_picture_alone_is_declined_without_the_model() -> None:
    async with place() as here:
        files = [("cat.png", b"\x89PNG", "image/png")]
        await here.server.say(here.direct, here.ann, "", attachments=files)
        assert await here.answers(here.direct) == ["*I read text only, so I did not see cat.png.*"]
        assert here.bot.model.prompts == []


@pytest.mark.parametrize("message_content", [False, True])
async def test_the_title_of_a_forums_post_and_its_tags_are_part_of_what_is_asked(
    message_content: bool,
) -> None:
    async with place(message_content=message_content) as here:
        post = await open_post(here, "nginx answers 502 after an upgrade to 1.27", tags=("nginx", "bug"))
        await first_message(here, post, f"{here.server.bot.mention} any idea?")
        await here.asked()
        assert here.told() == ("Ann: > nginx answers 502 after an upgrade to 1.27 (nginx, bug)\n\nany idea?")


async def test_a_word_that_a_forums_post_begins_with_is_answered_in_the_post() -> None:
    async with place() as here:
        post = await open_post(here, "settings?", tags=())
        fault = Fault(method="POST", path=f"/channels/{FORUM}/*", status=400, code=50024, times=None)
        here.server.fail(fault)
        await first_message(here, post, f"{here.server.bot.mention} !top_p")
        assert await here.answers(post) == ["top_p is 0.9 here (default)."]
        assert here.server.answers(here.server.world.direct_channel(here.ann)) == []


async def test_what_a_forums_post_began_with_is_known_however_old_it_is() -> None:
    async with place(message_content=True) as here:
        post = await open_post(here, "502", tags=(), days=3)
        await first_message(here, post, "The upstream closes early.")
        await here.server.say(post, here.ann, f"{here.server.bot.mention} any idea?")
        await here.answers(post)
        assert here.told() == ("Ann: Ann wrote:\n> The upstream closes early.\n\n> 502\n\nany idea?")


async def test_an_old_message_that_is_pinned_asks_for_nothing() -> None:
    async with place() as here:
        old = message_of_days_ago(here, 3)
        shape = payloads.message_event(here.server.world, here.server.gateway.base, old, granted=False)
        edited = (datetime.now(UTC) - timedelta(days=3)).isoformat()
        here.server.gateway.tell("MESSAGE_UPDATE", shape | {"pinned": True, "edited_timestamp": edited}, ~0)
        await here.server.say(here.server.general, here.ann, f"{here.server.bot.mention} and now?")
        assert await here.answers(here.server.general) == [ANSWER]
        assert [prompt.messages[-1].content for prompt in here.bot.model.prompts] == ["Ann: and now?"]


async def test_what_is_linked_to_in_the_same_channel_is_seen() -> None:
    async with place(message_content=True) as here:
        alert = await here.server.say(here.server.general, here.alerts, "", embeds=[CARD])
        link = f"https://discord.com/channels/{here.server.world.guild}/{here.server.general.id}/{alert.id}"
        await here.server.say(here.server.general, here.ann, f"{here.server.bot.mention} see {link}")
        await here.answers(here.server.general)
        assert QUOTED_CARD in here.told()


async def test_what_is_linked_to_elsewhere_is_not_looked_up() -> None:
    async with place(message_content=True) as here:
        secret = await here.server.add_channel("secret")
        said = await here.server.say(secret, here.alerts, "The code is 4711.")
        link = f"https://discord.com/channels/{here.server.world.guild}/{secret.id}/{said.id}"
        await here.server.say(here.server.general, here.ann, f"{here.server.bot.mention} see {link}")
        await here.answers(here.server.general)
        assert "4711" not in here.told()


async def test_what_is_linked_to_and_may_not_be_read_is_not_guessed_at() -> None:
    async with place() as here:
        alert = await here.server.say(here.server.general, here.alerts, "", embeds=[CARD])
        link = f"https://discord.com/channels/{here.server.world.guild}/{here.server.general.id}/{alert.id}"
        await here.server.say(here.server.general, here.ann, f"{here.server.bot.mention} see {link}")
        [said] = await here.answers(here.server.general)
        assert "Ask about this message" in said
        assert here.bot.model.prompts == []


@pytest.mark.parametrize("content", ["", None])
async def test_a_forward_of_which_discord_hands_over_nothing_is_not_guessed_at(content: str | None) -> None:
    times = {"timestamp": "2026-03-02T12:00:00+00:00", "edited_timestamp": None}
    snapshot: dict[str, object] = {"type": 0, "content": content, "embeds": [], "attachments": [], **times}
    async with place() as here:
        said = message_of_days_ago(here, 0)
        shape = payloads.message_event(here.server.world, here.server.gateway.base, said, granted=False)
        shape |= {
            "message_reference": {"type": 1, "channel_id": "1", "message_id": "2"},
            "message_snapshots": [{"message": snapshot}],
        }
        here.server.gateway.tell("MESSAGE_CREATE", shape, ~0)
        [answer] = await here.answers(here.server.general)
        assert "Ask about this message" in answer
        assert here.bot.model.prompts == []


async def test_a_file_on_the_message_that_is_replied_to_is_read() -> None:
    async with place(message_content=True) as here:
        files = [("log.txt", b"disk full", "text/plain")]
        said = await here.server.say(here.server.general, here.alerts, "", attachments=files)
        asked = f"{here.server.bot.mention} why?"
        await here.server.say(here.server.general, here.ann, asked, reply_to=said)
        await here.answers(here.server.general)
        assert here.told() == "Ann: why?\n\nFile log.txt:\n```txt\ndisk full\n```"


async def test_a_file_on_a_message_that_is_linked_to_is_read() -> None:
    async with place(message_content=True) as here:
        files = [("log.txt", b"disk full", "text/plain")]
        said = await here.server.say(here.server.general, here.alerts, "", attachments=files)
        link = f"https://discord.com/channels/{here.server.world.guild}/{here.server.general.id}/{said.id}"
        await here.server.say(here.server.general, here.ann, f"{here.server.bot.mention} see {link}")
        await here.answers(here.server.general)
        assert "```txt\ndisk full\n```" in here.told()


async def test_a_file_on_what_a_thread_began_with_is_read() -> None:
    async with place(message_content=True) as here:
        files = [("log.txt", b"disk full", "text/plain")]
        said = await here.server.say(here.server.general, here.ann, "What now?", attachments=files)
        thread = await here.server.open_thread(said, "disks")
        await here.server.say(thread, here.ann, f"{here.server.bot.mention} any idea?")
        await here.answers(thread)
        assert "What now?" in here.told()
        assert "```txt\ndisk full\n```" in here.told()


async def open_post(here: Place, title: str, *, tags: tuple[str, ...], days: int = 0) -> Channel:
    """A forum, and a post in it that begins with a message of its own id."""
    world, gateway = here.server.world, here.server.gateway
    world.channels[FORUM] = Channel(id=FORUM, name="help", kind=15)
    forum = payloads.channel(world, world.channels[FORUM])
    known = [
        {"id": str(number), "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}
        for number, name in enumerate(tags, 1)
    ]
    gateway.tell("CHANNEL_CREATE", forum | {"available_tags": known}, GUILDS)
    old = str(int(world.next_id()) - (days * 24 * 3600 * 1000 << 22))
    post = world.channels[old] = Channel(id=old, name=title, kind=11, parent=FORUM, owner=here.ann.id)
    shape = payloads.channel(world, post) | {"newly_created": True}
    gateway.tell("THREAD_CREATE", shape | {"applied_tags": [tag["id"] for tag in known]}, GUILDS)
    return post


async def first_message(here: Place, post: Channel, text: str) -> None:
    message = Message(id=post.id, channel=post, author=here.ann)
    here.server.world.add(message, text)
    here.server.gateway.tell_message("MESSAGE_CREATE", message)


def message_of_days_ago(here: Place, days: int) -> Message:
    old = str(int(here.server.world.next_id()) - (days * 24 * 3600 * 1000 << 22))
    message = Message(id=old, channel=here.server.general, author=here.ann)
    here.server.world.add(message, f"{here.server.bot.mention} lunch at noon?")
    return message
