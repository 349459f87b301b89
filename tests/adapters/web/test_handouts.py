"""Files that readers fetch: for a while, each for one reader, and not without end."""

import asyncio

import pytest

from adapters.platforms.web.handouts import Handouts
from adapters.platforms.web.limits import FILE_SECONDS, HANDOUTS
from bot.conversation.views import File

pytestmark = pytest.mark.looptime


def file(number: int) -> File:
    return File(name=f"{number}.json", content=b"{}")


async def test_a_reader_can_fetch_the_latest_files_and_no_others() -> None:
    handouts, files = Handouts(), [file(number) for number in range(HANDOUTS + 2)]
    others = handouts.offer(file(99), "b2")
    places = [handouts.offer(each, "b1").removeprefix("/files/") for each in files]
    assert [handouts.find_file(place, "b1") for place in places] == [None, None, *files[2:]]
    assert handouts.find_file(others.removeprefix("/files/"), "b2") is not None
    assert handouts.offer(files[-1], "b1") == f"/files/{places[-1]}"


async def test_a_file_can_be_fetched_for_a_while() -> None:
    handouts = Handouts()
    place = handouts.offer(file(1), "b1").removeprefix("/files/")
    await asyncio.sleep(FILE_SECONDS + 1)
    assert handouts.find_file(place, "b1") is None
