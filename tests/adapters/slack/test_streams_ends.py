"""How native streams end: with buttons below them, or because their reader stopped them."""

import asyncio
from dataclasses import replace

import pytest

from adapters.platforms.slack.errors import refusal
from adapters.platforms.slack.inbox import Inbox
from adapters.platforms.slack.limits import STREAMS_A_MINUTE
from bot.conversation import verbs
from bot.conversation.views import Button
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


async def test_buttons_wait_with_the_end_of_a_stream_that_may_not_be_stopped_yet() -> None:
    api = MemoryClient()
    streams = streams_of(api)
    watching = asyncio.create_task(streams.watch())
    shown = [await streams.start(question(number), page("The"), "1-0") for number in range(STREAMS_A_MINUTE)]
    await asyncio.sleep(61)
    shown += [await streams.start(question(99), page("The"), "1-0")]
    again = (Button(verb=verbs.AGAIN.word, target="1", label="Regenerate"),)
    for number, stream in zip([*range(STREAMS_A_MINUTE), 99], shown, strict=True):
        last = replace(page("The sky.", final=True), buttons=again)
        assert await streams.show(question(number).channel, stream or "", last)
    late = shown[-1] or ""
    assert (api.texts[late], api.blocks[late]) == ("The sky.", [])
    await asyncio.sleep(66)
    assert list(buttons_of(api.blocks[late])) == ["Regenerate"]
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
