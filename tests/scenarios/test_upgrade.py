"""The installed program on what the first version kept that says a format."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.stores.redis.codec import FORMAT
from adapters.stores.redis.keys import FORMATS, HISTORIES, SET_ASIDE
from adapters.stores.redis.server import redis_client
from tests.program import outcome
from tests.recorded import FOLDER, put
from tests.scenarios.bot_process import drain
from tests.scenarios.discord_place import Place, local_place

FIRST = FOLDER / "format-1-first.backup"


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async for each in local_place(tmp_path):
        yield each


async def test_a_bot_starts_on_it_and_the_doctor_finds_nothing_wrong(place: Place, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    async with redis_client("", kept) as redis:
        assert await put(FIRST, redis) == 1
    place.model.text = "Because."
    async with place.bot(DATA_DIR=str(kept)) as bot:
        await place.online()
        await place.ask("Is all still there?")
        await place.answered("Because.")
        examined = await outcome("doctor", folder=tmp_path, environment={**variables(place, kept)})
        assert examined.code == 0, examined.said
        assert await drain(bot) == 0
    log = (tmp_path / "bot.log").read_text()
    assert "Traceback" not in log
    assert "set aside" not in log
    async with redis_client("", kept) as redis:
        assert await redis.hget(FORMATS, "format") == str(FORMAT)
        assert await redis.hgetall(SET_ASIDE) == {}
        turns = [
            line async for key in redis.scan_iter(match=HISTORIES) for line in await redis.lrange(key, 0, -1)
        ]
    told = " ".join(map(str, turns))
    for question in ("Why is the sky blue?", "What does it say?", "And in a thread?", "Is all still there?"):
        assert question in told


def variables(place: Place, kept: Path) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": place.discord.token,
        "DISCORD_API_URL": place.discord.rest_url,
        "DISCORD_GATEWAY_URL": place.discord.gateway_url,
        "MODEL_URL": place.model.url,
        "DATA_DIR": str(kept),
        "HTTP_PORT": "0",
        "WEB_PORT": "0",
    }
