"""How native streams end: with buttons below them, or because their reader stopped them."""

import asyncio
from dataclasses import replace

import pytest

from adapters.platforms.slack.errors import refusal
from adapters.platforms.slack.inbox import Inbox
from adapters.platforms.slack.limits import STREAMS_A_MINUTE
from adapters.platforms.slack.streams import WATCH
from bot.conversation import verbs
from bot.conversation.views import Button
from bot.errors import PlatformFailed, TooFast
from tests.adapters.slack.memory_client import MemoryClient
from tests.adapters.slack.test_streams import HERE, page, question, started, streams_of
from tests.fakes.receiver import Receiver
from tests.servers.slack.block_kit import buttons_of

pytestmark = pytest.mark.looptime


async def test_buttons_stand_below_a_stream_once_it_has_ended() -> None:
    api = MemoryClient()
    streams = streams_of(api)
    stream = await started(streams)
    again = Button(verb=verbs.AGAIN.word, target="1", label="Regenerate")
    growing = replace(page("The sky"), buttons=(Button(verb=verbs.STOP.word, target="1", label="Stop"),))
    assert await streams.show(HERE, stream, growing)
    assert api.blocks[stream] == []
    assert await streams.show(HERE, stream, replace(page("The sky.", final=True), buttons=(again,)))
    assert list(buttons_of(api.blocks[stream])) == ["Regenerate"]


async def test_an_end_beyond_what_slack_allows_is_waited_for_below_the_whole_text() -> None:
    api = MemoryClient()
    streams = streams_of(api)
    shown = [await streams.start(question(number), page("The"), "1-0") for number in range(STREAMS_A_MINUTE)]
    await asyncio.sleep(61)
    shown += [await streams.start(question(99), page("The"), "1-0")]
    again = (Button(verb=verbs.AGAIN.word, target="1", label="Regenerate"),)
    last = replace(page("The sky.", final=True), buttons=again)
    for number, stream in enumerate(shown[:-1]):
        assert await streams.show(question(number).channel, stream or "", last)
    late = shown[-1] or ""
    showing = asyncio.create_task(streams.show(question(99).channel, late, last))
    await asyncio.sleep(1)
    assert (api.texts[late], api.blocks[late], showing.done()) == ("The sky.", [], False)
    await asyncio.sleep(61)
    assert await showing
    assert list(buttons_of(api.blocks[late])) == ["Regenerate"]
    assert not api.streaming


async def test_an_end_that_slack_puts_off_is_made_again() -> None:
    api = MemoryClient()
    streams = streams_of(api)
    stream = await started(streams)
    assert await streams.show(HERE, stream, page("The sky."))
    api.faults = {"chat.stopStream": [TooFast(5.0)]}
    with pytest.raises(TooFast):
        await streams.show(HERE, stream, page("The sky.", final=True))
    assert await streams.show(HERE, stream, page("The sky.", final=True))
    assert not api.streaming


@pytest.mark.parametrize("fault", [TooFast(5.0), PlatformFailed("Slack was not reached")])
async def test_a_stream_that_can_not_be_closed_just_now_is_closed_later(
    fault: TooFast | PlatformFailed,
) -> None:
    api = MemoryClient()
    streams = streams_of(api)
    watching = asyncio.create_task(streams.watch())
    stream = await started(streams)
    api.faults = {"chat.stopStream": [fault]}
    await streams.leave(question())
    assert api.streaming == {stream}
    await asyncio.sleep(2 * WATCH)
    assert not api.streaming
    watching.cancel()


async def test_a_reader_who_stops_a_stream_stops_the_model_and_the_message_is_updated() -> None:
    api, bot, inbox = MemoryClient(), Receiver(), Inbox()
    inbox.open(bot)
    streams = streams_of(api, inbox=inbox)
    stream = await started(streams)
    api.faults = {"chat.appendStream": [refusal("stopped_by_user")]}
    assert not await streams.show(HERE, stream, page("The sky"))
    assert stream not in streams
    stop = await bot.command()
    assert (stop.verb, stop.target, stop.quiet) == ("stop", question().id, True)
    assert (stop.channel, stop.author) == (HERE, question().author)


async def test_the_same_ts_in_two_channels_is_two_streams() -> None:
    api = MemoryClient()
    streams = streams_of(api)
    stream = await started(streams)
    assert not await streams.show(question(4).channel, stream, page("The sea"))
    assert await streams.show(HERE, stream, page("The sky"))
    assert api.texts[stream] == "The sky"
