"""The installed program against a local Slack that refuses: what the person sees, and what comes after."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.scenarios.bot_process import SETTLED
from tests.scenarios.slack_place import Place, local_place, said
from tests.servers.model import counting
from tests.servers.slack import Channel, Fault, Message, SlackServer

TABLE = "| item | n |\n|---|---|\n| bolts | 7 |\n| nuts | 9 |\n"
STOCK, NEVER_ENDING = TABLE + counting(40), TABLE + counting(400)
FOREVER = 10_000
SHOWS = ("chat.postMessage", "chat.update")
NOT_THERE = "I may not write where you asked"
NO_ACCESS = "My own access to this chat does not work"


def table(body: Any) -> bool:
    return "'markdown'" in str(body.get("blocks")) and "|---|" in str(body)


def blocks(body: Any) -> bool:
    return bool(body.get("blocks"))


def late(body: Any) -> bool:
    return "w35" in str(body.get("text"))


def refuse(error: str, *methods: str, when: Callable[[Any], bool] = lambda _: True) -> list[Fault]:
    return [Fault(method=method, error=error, times=FOREVER, when=when) for method in methods or SHOWS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`faults` from the question on; `breaks`: what happens while the answer grows. `shown`: how the answer
    ends; `told`: what is told to the person alone, and `logged` to the operator. `calls`: as many at most,
    after the first refusal."""

    name: str
    faults: Sequence[Fault] = ()
    breaks: Callable[[SlackServer, Channel, Message], None] | None = None
    shown: str = ""
    told: str = ""
    logged: str = ""
    calls: int = 4
    buttons: bool = False
    stops: bool = True


def archive(_slack: SlackServer, channel: Channel, _answer: Message) -> None:
    channel.archived = True


def throw_out(_slack: SlackServer, channel: Channel, _answer: Message) -> None:
    channel.with_bot = False


def delete(_slack: SlackServer, channel: Channel, answer: Message) -> None:
    del channel.messages[answer.ts]


def break_with(*faults: Fault) -> Callable[[SlackServer, Channel, Message], None]:
    return lambda slack, _channel, _answer: slack.faults.extend(faults)


CASES = (
    Case(
        name="a table that is no valid block",
        faults=refuse("invalid_blocks", when=table),
        shown=STOCK.split()[-1],
        buttons=True,
        calls=FOREVER,
        stops=False,
    ),
    Case(
        name="no blocks at all",
        faults=refuse("msg_blocks_too_long", when=blocks),
        shown=STOCK.split()[-1],
        calls=FOREVER,
        stops=False,
    ),
    Case(
        name="a text that is too long",
        faults=refuse("msg_too_long", when=late),
        shown="Copy gives you all of it.",
        buttons=True,
        stops=False,
    ),
    Case(name="a channel without the bot", breaks=throw_out, told=NOT_THERE, logged="/invite"),
    Case(name="an archived channel", breaks=archive, told=NOT_THERE, logged="archived"),
    Case(
        name="a read-only channel",
        faults=refuse("restricted_action_read_only_channel", "chat.postMessage"),
        told=NOT_THERE,
        logged="nobody may write",
    ),
    Case(
        name="messages that may not be edited any more",
        breaks=break_with(*refuse("edit_window_closed", "chat.update")),
        told=NOT_THERE,
        logged="edited so late",
    ),
    Case(name="a message that somebody took away", breaks=delete, logged="message_not_found", calls=1),
    Case(
        name="a channel that is gone",
        breaks=break_with(*refuse("channel_not_found", "chat.update")),
        logged="channel_not_found",
        calls=1,
    ),
    Case(
        name="a scope that is missing",
        faults=refuse("missing_scope", *SHOWS, "chat.postEphemeral"),
        logged="nobody could be told: Slack answered 200, missing_scope",
    ),
    Case(
        name="a reason that is not known",
        faults=refuse("odd_new_error", when=late),
        shown="Copy gives you all of it.",
        buttons=True,
        stops=False,
        logged="odd_new_error",
    ),
    Case(
        name="a page of HTML",
        breaks=break_with(
            Fault(method="chat.update", html="<html>A secret proxy.</html>", status=403, times=FOREVER)
        ),
        told=NO_ACCESS,
        logged="proxy or a firewall",
    ),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of it."""

    answers: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    calls: int = 0
    seconds: float = 0.0
    following: str = ""


async def play(place: Place, case: Case) -> Seen:
    """Ask where it is refused; then ask again where it is not."""
    slack, channel = place.slack, place.slack.add_channel("stock")
    place.model.text, place.model.pace = NEVER_ENDING if case.stops else STOCK, 25

    def ended() -> bool:
        answers = slack.answers(channel)
        stopped = place.model.requests and place.model.requests[0].closed_at
        whole = bool(answers) and case.shown in answers[-1].text and "Stop" not in answers[-1].buttons
        log = (place.folder / "bot.log").read_text()
        return bool(
            (not case.shown or whole)
            and case.logged in log
            and any(case.told in each for each in ["", *told()])
            and (stopped or not case.stops)
            and (not case.told or told())
        )

    def told() -> list[str]:
        private = slack.answers(slack.dm(place.ada))
        return [each.text for each in (*slack.ephemerals(channel, place.ada), *private)]

    async with place.bot():
        await place.online()
        slack.faults.extend(case.faults)
        began, before = asyncio.get_running_loop().time(), len(slack.calls)
        await place.ask("List the stock.", channel)
        if case.breaks is not None:
            await slack.until(lambda: slack.answers(channel), timeout=SETTLED)
            case.breaks(slack, channel, slack.answers(channel)[0])
        async with asyncio.timeout(SETTLED):
            while not ended():
                await asyncio.sleep(0.02)
        seconds = asyncio.get_running_loop().time() - began
        chats = [call for call in slack.calls[before:] if call.method.startswith("chat.")]
        refused = next((number for number, call in enumerate(chats) if call.error), len(chats))
        slack.faults.clear()
        channel.archived, channel.with_bot = False, True
        place.model.text = "Yes."
        question = await place.ask("Still there?", channel)
        await place.answered(channel, question.ts, "Yes.")
        shown = [each for each in slack.answers(channel) if each.thread_ts != question.ts]
    return Seen(
        answers=[said(each) for each in shown],
        buttons=[button for each in shown for button in each.buttons],
        told=told(),
        calls=len(chats) - refused,
        seconds=seconds,
        following=said(slack.answers(channel, question.ts)[0]),
    )


place = pytest.fixture(local_place)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_what_is_refused_is_said_and_the_next_question_is_answered(place: Place, case: Case) -> None:
    seen = await play(place, case)
    assert seen.calls <= case.calls
    assert ("Regenerate" in seen.buttons) is case.buttons
    assert len(seen.told) == bool(case.told)
    if case.shown == STOCK.split()[-1]:
        assert [" ".join(answer.split()) for answer in seen.answers] == [" ".join(STOCK.split())]
    assert "secret" not in (place.folder / "bot.log").read_text()
