"""Native streams: they only grow, they end in time, and whatever they cannot show is updated."""

import asyncio

import pytest
from hypothesis import example, given

from adapters.graphemes import boundary
from adapters.platforms.slack.channels import Channels
from adapters.platforms.slack.errors import Refused, refusal
from adapters.platforms.slack.inbox import Inbox
from adapters.platforms.slack.limits import CLOSING_SECONDS, STREAM_SECONDS, STREAMS_A_MINUTE
from adapters.platforms.slack.refusals import INSTALL, REFUSALS, Kind
from adapters.platforms.slack.streams import Streaming, Streams
from adapters.platforms.slack.text import WORD_JOINER
from adapters.platforms.slack.translate import thread
from adapters.platforms.slack.users import Users
from bot.conversation.events import Said
from bot.conversation.views import Page
from bot.display.draft import Draft
from bot.errors import PlatformFailed, TooFast
from tests.adapters.slack.memory_client import MemoryClient
from tests.adapters.slack.recorded import CHANNEL, DIRECT, TEAM
from tests.adapters.slack.test_text import PIECES, PINGS
from tests.fakes.budget import InMemoryBudget
from tests.fakes.messages import message

pytestmark = pytest.mark.looptime


def question(number: int = 3, *, private: bool = True) -> Said:
    ts = f"{1795000000 + number}.000001"
    return message(id=ts, channel=thread(TEAM, DIRECT if private else CHANNEL, ts, private=private))


def page(text: str, *, full: bool = False, final: bool = False, number: int = 0) -> Page:
    return Page(number=number, body=text, text=text, full=full or final, final=final)


def streams_of(api: MemoryClient, mode: Streaming = "auto", *, inbox: Inbox | None = None) -> Streams:
    return Streams(api, mode, users=Users(api, Channels(api), InMemoryBudget()), inbox=inbox or Inbox())


HERE = question().channel

LACKING = [
    row.code for row in REFUSALS.values() if row.kind in (Kind.APP, Kind.ACCESS) and row.remedy != INSTALL
]
"""What a workspace refuses for good."""


def chats(api: MemoryClient) -> list[str]:
    """The calls that show something, in their order."""
    return [method for method in api.called() if method.startswith("chat.")]


async def started(streams: Streams, text: str = "The") -> str:
    stream = await streams.start(question(), page(text), "1-0")
    assert stream is not None
    return stream


async def test_a_text_grows_by_its_new_letters_alone() -> None:
    api = MemoryClient()
    streams = streams_of(api)
    stream = await started(streams)
    assert await streams.show(HERE, stream, page("The sky"))
    assert await streams.show(HERE, stream, page("The sky"))
    assert await streams.show(HERE, stream, page("The sky is blue.", final=True))
    assert chats(api) == ["chat.startStream", "chat.appendStream", "chat.stopStream"]
    assert api.texts[stream] == "The sky is blue."
    assert stream not in api.streaming
    assert stream not in streams


async def test_a_stream_is_begun_in_its_thread_and_for_the_one_who_asked() -> None:
    api = MemoryClient()
    api.people[question().author.id] = {"name": "ada", "team_id": "T02OWN00001"}
    await started(streams_of(api))
    [arguments] = [arguments for method, arguments in api.calls if method == "chat.startStream"]
    assert arguments == {
        "channel": DIRECT,
        "thread_ts": "1795000003.000001",
        "markdown_text": "The",
        "recipient_team_id": "T02OWN00001",
        "recipient_user_id": question().author.id,
    }


@pytest.mark.parametrize(
    ("mode", "private", "streamed"),
    [
        ("auto", True, True),
        ("auto", False, False),
        ("native", True, True),
        ("native", False, True),
        ("update", True, False),
        ("update", False, False),
    ],
)
async def test_what_is_streamed_is_the_operators_choice(
    mode: Streaming, private: bool, streamed: bool
) -> None:
    api = MemoryClient()
    stream = await streams_of(api, mode).start(question(private=private), page("The"), "1-0")
    assert (stream is not None) is streamed
    assert bool(api.calls) is streamed


@pytest.mark.parametrize(
    "unstreamed",
    [page("Dust.", final=True), page("Dust.", full=True), Page(number=0, body="", text="I can't answer.")],
)
async def test_what_will_not_grow_is_not_streamed(unstreamed: Page) -> None:
    api = MemoryClient()
    assert await streams_of(api).start(question(), unstreamed, "1-0") is None
    assert not api.calls


async def test_a_text_that_changed_ends_the_stream_and_is_updated() -> None:
    api = MemoryClient()
    streams = streams_of(api)
    stream = await started(streams)
    assert not await streams.show(HERE, stream, page("A sky"))
    assert chats(api) == ["chat.startStream", "chat.stopStream"]
    assert api.texts[stream] == "The"
    assert stream not in streams


@given(PIECES)
@example(["<", "@U02ADA00002>"])
@example(["<", "!", "channel>"])
@example(["<!", "subteam^S1|keepers> <", "!here>"])
def test_no_piece_of_a_stream_pings_anybody_and_no_letter_is_lost(pieces: list[str]) -> None:
    async def streamed() -> None:
        api = MemoryClient()
        streams = streams_of(api)
        text = "a "
        stream = await started(streams, text)
        for piece in pieces:
            text += piece
            assert await streams.show(HERE, stream, page(text))
            assert not PINGS.search(api.texts[stream])
        assert await streams.show(HERE, stream, page(text, final=True))
        assert not PINGS.search(api.texts[stream])
        assert api.texts[stream].replace(WORD_JOINER, "") == text.replace(WORD_JOINER, "")

    asyncio.run(streamed())


CODE = (
    "Look:\n\n```py\nfor lamp in lamps:\n    lamp.light()\n```\n\n"
    "That is ~~~all~~~.\n~~~\nx = 1 ~~~\ny\n~~~\n> ```\n> z\n> ```\nYes."
)


async def test_code_is_streamed_like_any_text() -> None:
    api = MemoryClient()
    streams = streams_of(api)
    draft, stream = Draft(8000, boundary), ""
    for letter in CODE:
        draft.append(letter)
        for each in draft.pages():
            if stream:
                assert await streams.show(HERE, stream, each)
            else:
                stream = await streams.start(question(), each, "1-0") or ""
    [last] = draft.pages(final=True)
    assert await streams.show(HERE, stream, last)
    assert api.texts[stream] == CODE
    assert set(chats(api)) == {"chat.startStream", "chat.appendStream", "chat.stopStream"}


async def test_code_that_was_cut_off_is_closed_at_the_end() -> None:
    api = MemoryClient()
    streams = streams_of(api)
    draft = Draft(8000, boundary)
    draft.append("Look:\n```py\nx = 1")
    stream = await streams.start(question(), draft.pages()[0], "1-0")
    assert stream is not None
    assert api.texts[stream] == "Look:\n```py\nx = 1"
    assert await streams.show(HERE, stream, draft.pages(final=True)[0])
    assert api.texts[stream] == "Look:\n```py\nx = 1\n```"


async def test_a_stream_that_died_is_none_any_more() -> None:
    api = MemoryClient()
    streams = streams_of(api)
    stream = await started(streams)
    api.streaming.clear()
    assert not await streams.show(HERE, stream, page("The sky"))
    assert stream not in streams


async def test_a_stream_is_closed_before_slack_drops_it() -> None:
    api = MemoryClient()
    streams = streams_of(api)
    watching = asyncio.create_task(streams.watch())
    stream = await started(streams)
    await asyncio.sleep(STREAM_SECONDS - 6)
    assert stream in streams
    await asyncio.sleep(12)
    assert stream not in streams
    assert stream not in api.streaming
    watching.cancel()


async def test_a_text_that_comes_when_the_stream_is_too_old_is_updated() -> None:
    api = MemoryClient()
    streams = streams_of(api)
    stream = await started(streams)
    await asyncio.sleep(STREAM_SECONDS)
    assert not await streams.show(HERE, stream, page("The sky"))
    assert chats(api) == ["chat.startStream", "chat.stopStream"]


async def test_a_last_text_that_meets_the_closing_of_its_stream_is_shown() -> None:
    api = MemoryClient()
    api.seconds = 20.0
    streams = streams_of(api)
    watching = asyncio.create_task(streams.watch())
    stream = await started(streams)
    # The text's own call is still under way when the watch finds that the time is over.
    await asyncio.sleep(STREAM_SECONDS - 1)
    assert await streams.show(HERE, stream, page("The sky.", final=True))
    assert api.texts[stream] == "The sky."
    assert api.called("chat.stopStream") == ["chat.stopStream"] * 2
    watching.cancel()


async def test_when_the_bot_ends_no_stream_is_left_open() -> None:
    api = MemoryClient()
    streams = streams_of(api)
    watching = asyncio.create_task(streams.watch())
    for number in range(3):
        await streams.start(question(number), page("The"), "1-0")
    await asyncio.sleep(1)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert not api.streaming


async def test_an_answer_that_goes_on_elsewhere_closes_its_stream_and_no_other() -> None:
    api = MemoryClient()
    streams = streams_of(api)
    mine = await started(streams)
    other = await streams.start(question(4), page("The"), "1-0")
    await streams.leave(question())
    assert mine not in api.streaming
    assert api.streaming == {other}


async def test_a_piece_whose_answer_was_lost_is_not_appended_twice() -> None:
    api = MemoryClient()
    api.lost = ["chat.appendStream"]
    streams = streams_of(api)
    stream = await started(streams)
    with pytest.raises(PlatformFailed):
        await streams.show(HERE, stream, page("The sky"))
    assert not await streams.show(HERE, stream, page("The sky is"))
    assert api.texts[stream] == "The sky"
    assert stream not in api.streaming


async def test_a_piece_that_came_too_fast_is_appended_later() -> None:
    api = MemoryClient()
    api.faults = {"chat.appendStream": [TooFast(1.0)]}
    streams = streams_of(api)
    stream = await started(streams)
    with pytest.raises(TooFast):
        await streams.show(HERE, stream, page("The sky"))
    assert await streams.show(HERE, stream, page("The sky is"))
    assert api.texts[stream] == "The sky is"


@pytest.mark.parametrize("code", LACKING)
async def test_a_workspace_without_streams_is_asked_once(code: str) -> None:
    api = MemoryClient()
    api.faults = {"chat.startStream": [refusal(code)]}
    streams = streams_of(api)
    for number in range(3):
        assert await streams.start(question(number), page("The"), "1-0") is None
    assert chats(api) == ["chat.startStream"]


@pytest.mark.parametrize("fault", [refusal("fatal"), TooFast(1.0)])
async def test_what_may_be_better_next_time_is_tried_again(fault: Refused | TooFast) -> None:
    api = MemoryClient()
    api.faults = {"chat.startStream": [fault]}
    streams = streams_of(api)
    assert await streams.start(question(1), page("The"), "1-0") is None
    assert await streams.start(question(2), page("The"), "1-0") is not None


async def test_no_more_streams_are_begun_in_a_minute_than_slack_allows() -> None:
    api = MemoryClient()
    streams = streams_of(api)
    begun = [
        await streams.start(question(number), page("The"), "1-0") for number in range(STREAMS_A_MINUTE + 2)
    ]
    assert begun.count(None) == 2
    assert begun[-2:] == [None, None]
    await asyncio.sleep(61)
    assert await streams.start(question(99), page("The"), "1-0") is not None


async def test_when_the_bot_ends_streams_that_slack_does_not_close_hold_it_up_briefly() -> None:
    api = MemoryClient()
    streams = streams_of(api)
    watching = asyncio.create_task(streams.watch())
    for number in range(STREAMS_A_MINUTE):
        await streams.start(question(number), page("The"), "1-0")
    await asyncio.sleep(1)
    api.seconds = 10.0
    loop = asyncio.get_running_loop()
    told = loop.time()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert loop.time() - told <= CLOSING_SECONDS
