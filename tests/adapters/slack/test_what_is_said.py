"""What the model is told of cards, forwards, files and links: the whole bot on a local Slack."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from adapters.platforms.slack.manifest import SCOPES
from tests.adapters.slack.online import platform_for
from tests.fakes.bot import Bot
from tests.fakes.model import Speaker
from tests.servers.slack import Channel, Fault, Message, SlackServer, User

ANSWER = "Because."
DEPLOY = "The deploy of web-3 failed at 14:02 with exit code 137."
LOG = b"E1234 cannot bind port 8443: permission denied"
FORWARD: dict[str, Any] = {
    "ts": "1764100000.000100",
    "channel_id": "C0OPS",
    "channel_team": "T1",
    "channel_name": "ops",
    "is_msg_unfurl": True,
    "is_share": True,
    "author_id": "U7",
    "author_name": "Dana",
    "author_subname": "Dana",
    "text": DEPLOY,
    "fallback": f"[November 25th, 2026 11:46 AM] dana: {DEPLOY}",
    "from_url": "https://w.slack.com/archives/C0OPS/p1764100000000100",
    "footer": "Posted in #ops",
    "message_blocks": [
        {
            "team": "T1",
            "channel": "C0OPS",
            "message": {
                "blocks": [
                    {
                        "type": "rich_text",
                        "elements": [
                            {"type": "rich_text_section", "elements": [{"type": "text", "text": DEPLOY}]}
                        ],
                    }
                ]
            },
        }
    ],
}
ALERT: dict[str, Any] = {
    "bot_id": "B77",
    "subtype": "bot_message",
    "username": "Alerts",
    "user": None,
    "text": "",
    "attachments": [
        {
            "title": "Disk almost full on web-3",
            "text": "/var is at 97 %",
            "fields": [{"title": "Severity", "value": "critical"}],
        }
    ],
}
QUOTED_ALERT = "Alerts wrote:\n> **Disk almost full on web-3**\n> /var is at 97 %\n> - Severity: critical"
TABLE = "| item | n |\n|---|---|\n| bolts | 7 |"


class Place:
    """A local Slack, and the whole bot there with a model that only ever says one thing."""

    def __init__(self, server: SlackServer, says: str) -> None:
        self.server = server
        self.bot = Bot(Speaker((says,), every=0), platform=platform_for(server), clock=time.time)
        self.ada: User = server.add_user("Ada")
        self.direct = server.dm(self.ada)

    async def ask(self, text: str, **more: Any) -> Message:
        """Ask the bot in the channel."""
        return await self.server.people.say(self.server.general, self.ada, text, mention=True, **more)

    async def answers(self, channel: Channel, thread: str = "") -> list[str]:
        """What the bot has written there, once that is finished."""

        def finished() -> list[str]:
            answers = self.server.answers(channel, thread)
            return [each.text for each in answers if "Stop" not in each.buttons and each.text]

        await self.server.until(finished, timeout=5)
        return finished()

    async def asked(self) -> str:
        """What the model read, once it was asked something."""
        await self.server.until(lambda: self.bot.model.prompts, timeout=5)
        return self.bot.model.prompts[-1].messages[-1].content

    def link(self, message: Message, *, channel: Channel | None = None) -> str:
        thread = f"?thread_ts={message.thread_ts}&amp;cid={message.channel.id}" if message.thread_ts else ""
        home = (channel or message.channel).id
        return f"<https://lamp.slack.com/archives/{home}/p{message.ts.replace('.', '')}{thread}>"


@asynccontextmanager
async def place(says: str = ANSWER) -> AsyncIterator[Place]:
    async with SlackServer() as server:
        here = Place(server, says)
        async with here.bot.running():
            await server.until(lambda: len(server.transports.sockets) == 2, timeout=5)
            yield here


async def test_a_message_that_is_passed_on_in_private_is_seen_with_whose_it_is() -> None:
    async with place() as here:
        await here.server.people.say(here.direct, here.ada, "", more={"attachments": [FORWARD]})
        assert await here.asked() == f"Dana in #ops wrote:\n> {DEPLOY}"
        [answer] = await here.answers(here.direct)
        assert answer.startswith(ANSWER)


async def test_a_file_of_another_workspace_is_looked_up_and_read() -> None:
    async with place() as here:
        await here.ask("what does this log say?", files={"error.log": LOG}, elsewhere=True)
        told = await here.asked()
        assert told.endswith(f"what does this log say?\n\nFile error.log:\n```log\n{LOG.decode()}\n```")
        assert await here.answers(here.server.general) == [ANSWER]


@pytest.mark.parametrize("error", ["file_not_found", "missing_scope"])
async def test_a_file_of_another_workspace_that_is_not_handed_over_is_named_to_both(
    error: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with place() as here:
        if error == "missing_scope":
            here.server.team.scopes = tuple(scope for scope in SCOPES if scope != "files:read")
        else:
            here.server.fail(Fault(method="files.info", error=error, times=10))
        await here.ask("what does this log say?", files={"error.log": LOG}, elsewhere=True)
        told = await here.asked()
        [answer] = await here.answers(here.server.general)
    [name] = here.server.world.files
    assert told.endswith(f"what does this log say?\n\n[file: {name}, not available, not read]")
    assert answer == f"{ANSWER}\n\n*{name} could not be read.*"
    assert error in caplog.text


@pytest.mark.parametrize("mode", ["tombstone", "hidden_by_limit"])
async def test_a_file_that_nobody_sees_any_more_is_named_to_both(mode: str) -> None:
    async with place() as here:
        await here.ask("what does this log say?", more={"files": [{"id": "F0GONE", "mode": mode}]})
        assert (await here.asked()).endswith("[file: F0GONE, not available, not read]")
        assert await here.answers(here.server.general) == [f"{ANSWER}\n\n*F0GONE could not be read.*"]
        assert not [call for call in here.server.calls if call.method == "files.info"]


@pytest.mark.parametrize(
    ("mode", "mimetype"),
    [("quip", "application/vnd.slack-docs"), ("post", "text/plain"), ("space", "text/plain")],
)
async def test_a_canvas_or_a_post_which_is_a_page_to_whoever_fetches_it_is_named_to_both(
    mode: str, mimetype: str
) -> None:
    async with place() as here:
        here.server.people.files["plan.html"] = b"<html>the plan</html>"
        canvas = {
            "id": "F0PLAN",
            "mode": mode,
            "filetype": mode,
            "mimetype": mimetype,
            "title": "The plan",
            "url_private": f"{here.server.url}/files/plan.html",
        }
        await here.ask("what is still to do?", more={"files": [canvas]})
        assert (await here.asked()).endswith(
            "what is still to do?\n\n[file: The plan, not available, not read]"
        )
        assert await here.answers(here.server.general) == [f"{ANSWER}\n\n*The plan could not be read.*"]


async def test_a_file_of_another_workspace_that_was_not_known_in_time_is_read_all_the_same() -> None:
    async with place() as here:
        here.server.fail(Fault(method="files.info", status=500))
        files = {"error.log": LOG}
        await here.server.people.say(here.direct, here.ada, "Well?", files=files, elsewhere=True)
        assert LOG.decode() in await here.asked()


async def test_a_picture_alone_is_declined_without_the_model() -> None:
    async with place() as here:
        await here.server.people.say(here.direct, here.ada, "", files={"IMG_2044.jpg": b"\xff\xd8"})
        assert await here.answers(here.direct) == ["*I read text only, so I did not see IMG_2044.jpg.*"]
        assert here.bot.model.prompts == []


async def test_an_answer_whose_blocks_are_refused_is_shown_whole_as_text_without_stop() -> None:
    async with place(TABLE) as here:
        for method in ("chat.postMessage", "chat.update"):
            table = Fault(
                method=method,
                error="invalid_blocks",
                times=100,
                when=lambda body: "|---" in str(body.get("blocks")),
            )
            here.server.fail(table)
        await here.ask("list the stock")
        assert await here.answers(here.server.general) == [TABLE]


async def test_another_apps_card_in_the_thread_is_seen() -> None:
    async with place() as here:
        people, general = here.server.people, here.server.general
        root = await people.say(general, here.ada, "Is that bad?")
        await people.say(general, here.ada, "", thread=root.ts, more=ALERT)
        await here.ask("what should I do about this?", thread=root.ts)
        told = await here.asked()
    assert told.endswith(f"wrote:\n> Is that bad?\n\n{QUOTED_ALERT}\n\nwhat should I do about this?")


async def test_the_card_that_a_thread_began_with_is_seen_and_its_files_are_read() -> None:
    async with place() as here:
        people, general = here.server.people, here.server.general
        alert = await people.say(general, here.ada, "", more=ALERT, files={"df.txt": b"/var 97%"})
        await here.ask("what should I do about this?", thread=alert.ts)
        told = await here.asked()
    assert QUOTED_ALERT in told
    assert told.endswith("what should I do about this?\n\nFile df.txt:\n```txt\n/var 97%\n```")


@pytest.mark.parametrize("in_thread", [False, True])
async def test_what_is_linked_to_in_the_same_channel_is_seen(in_thread: bool) -> None:
    async with place() as here:
        people, general = here.server.people, here.server.general
        root = await people.say(general, here.ada, "Anything new?")
        alert = await people.say(general, here.ada, "", thread=root.ts if in_thread else "", more=ALERT)
        await here.ask(f"what is {here.link(alert)}")
        assert QUOTED_ALERT in await here.asked()


async def test_what_is_linked_to_elsewhere_is_not_looked_up() -> None:
    async with place() as here:
        secret = here.server.add_channel("secret")
        said = await here.server.people.say(secret, here.ada, "The code is 4711.")
        await here.ask(f"what is {here.link(said)}")
        assert "4711" not in await here.asked()
        assert here.server.called("conversations.replies") == []


async def test_a_link_that_leads_nowhere_is_said() -> None:
    async with place() as here:
        gone = await here.server.people.say(here.server.general, here.ada, "Gone.")
        await here.server.people.delete(gone)
        await here.ask(f"what was {here.link(gone)}")
        assert await here.answers(here.server.general) == [
            f"{ANSWER}\n\n*I could not read a message that you linked to.*"
        ]


async def test_the_menu_shows_the_card_and_its_files_are_read() -> None:
    async with place() as here:
        people, general = here.server.people, here.server.general
        alert = await people.say(general, here.ada, "", more=ALERT, files={"df.txt": b"/var 97%"})
        await people.shortcut(alert, here.ada, "ask")
        [form] = here.server.world.views
        await people.submit(form, {"ask": "what now?"})
        told = await here.asked()
    assert QUOTED_ALERT in told
    assert told.endswith("what now?\n\nFile df.txt:\n```txt\n/var 97%\n```")
