"""What Slack lets be read at all, in its time. On virtual time."""

import time
from collections.abc import Mapping
from typing import Any

import pytest

from adapters.platforms.slack.history import thread_pages
from adapters.platforms.slack.limits import READS_A_MINUTE, REPLIES_READ
from adapters.platforms.slack.paced_reads import PacedReads
from bot.conversation.events import ChannelRef
from bot.errors import TooFast
from tests.fakes.budget import InMemoryBudget
from tests.fakes.store import now

pytestmark = pytest.mark.looptime

PLACE = ChannelRef(platform="slack", workspace="T1", channel="D1:1.0", parent="D1", private=True)


class Thread:
    """A thread of three pages, from which one page a minute can be read."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.free_at = 0.0

    async def ask(self, workspace: str, method: str, **arguments: object) -> Mapping[str, Any]:
        if now() < self.free_at:
            raise TooFast(self.free_at - now())
        self.free_at = now() + 60.0
        page = int(str(arguments.get("cursor") or 1))
        self.calls.append(f"{page}")
        return {
            "messages": [{"ts": f"{page}"}],
            "response_metadata": {"next_cursor": f"{page + 1}" if page < 3 else ""},
        }


class Free:
    """Answers whatever is asked, at once."""

    def __init__(self) -> None:
        self.times: list[float] = []

    async def ask(self, workspace: str, method: str, **arguments: object) -> Mapping[str, Any]:
        self.times.append(now())
        return {}


async def read(reads: PacedReads) -> list[str]:
    pages = thread_pages(reads, PLACE, most=REPLIES_READ)
    return [str(each["ts"]) async for page in pages for each in page]


async def test_a_page_that_comes_too_fast_is_waited_for_and_those_before_it_are_not_read_again() -> None:
    thread = Thread()
    assert await read(PacedReads(thread, InMemoryBudget(), until=time.time() + 900)) == ["1", "2", "3"]
    assert thread.calls == ["1", "2", "3"]


async def test_nothing_is_waited_for_that_would_be_too_late() -> None:
    thread = Thread()
    with pytest.raises(TooFast):
        await read(PacedReads(thread, InMemoryBudget(), until=time.time() + 30))
    assert thread.calls == ["1"]


async def test_two_processes_read_no_faster_than_one_may() -> None:
    slack, budget = Free(), InMemoryBudget()
    both = [PacedReads(slack, budget, until=time.time() + 900) for _ in range(2)]
    for _ in range(READS_A_MINUTE):
        for each in both:
            await each.ask("T1", "conversations.history")
    assert slack.times == [0.0] * READS_A_MINUTE + [slack.times[-1]] * READS_A_MINUTE
    assert slack.times[-1] >= 60
