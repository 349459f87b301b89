"""`mixtral-bot export-feedback`, on a real Redis."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from adapters.stores.redis.client import Client
from adapters.stores.redis.server import redis_client
from adapters.stores.redis.store import RedisStore
from bot.conversation.events import ChannelRef
from bot.conversation.requests import question_request
from bot.conversation.turns import Rating, Version
from tests.fakes.messages import CHANNEL, message, turn
from tests.program import outcome
from tests.servers.store import socket_of

ADA, BOB = "screen::u-ada", "screen::u-bob"


async def export(
    folder: Path,
    *options: str,
    environment: Mapping[str, str] | None = None,
    installed: bool = False,
) -> tuple[int, str, str]:
    """Its exit code, its output, and what it says beside it."""
    variables = {"DATA_DIR": "data", "COLUMNS": "200", **(environment or {})}
    ended = await outcome(
        "export-feedback", *options, folder=folder, environment=variables, installed=installed
    )
    return ended.code, ended.out, ended.err


async def rated(redis: Client, channel: ChannelRef = CHANNEL) -> None:
    """An answer in two versions, of which Bob likes the second better."""
    store = RedisStore(redis, lease=60, history_days=30)
    await store.prepare()
    await store.requests.submit(question_request(message("¿Por qué?", channel=channel)))
    claim = await store.requests.claim(channel)
    assert claim is not None
    answered = turn("¿Por qué?", asked_at=4e9)
    await store.requests.commit(claim, answered)
    versions = (
        Version(text="Porque sí.", ratings={BOB: Rating(good=False, why="Kurz.")}),
        Version(text="Rayleigh.\u2028", ratings={BOB: Rating(good=True)}),
    )
    await store.conversations.amend(channel, answered, replace(answered, versions=versions))


async def test_ratings_are_read_from_the_bot_that_is_running(tmp_path: Path) -> None:
    async with redis_client("", tmp_path / "data") as redis:
        await rated(redis)
        await rated(redis, replace(CHANNEL, channel="other"))
        code, out, err = await export(tmp_path, installed=True)
        assert await redis.ping()
    assert (code, err) == (0, "4 ratings exported.\n")
    records = [json.loads(line) for line in out.removesuffix("\n").split("\n")]
    assert {each["answer"] for each in records} == {"Porque sí.", "Rayleigh.\u2028"}
    assert {each["why"] for each in records} == {"Kurz.", ""}
    assert len({each["id"] for each in records}) == 4
    assert len({each["person"] for each in records}) == 1
    assert [name for name in ("u-bob", "u-ada", "Ada", "screen") if name in out] == []


async def test_ratings_are_read_when_no_bot_is_running(tmp_path: Path) -> None:
    async with redis_client("", tmp_path / "data") as redis:
        await rated(redis)
    code, out, _ = await export(tmp_path)
    assert code == 0
    assert len(out.splitlines()) > 1
    assert (await export(tmp_path))[1] == out  # pseudonyms are the same each time


async def test_ratings_are_read_from_the_redis_that_is_set(tmp_path: Path) -> None:
    async with redis_client("", tmp_path / "elsewhere") as redis:
        await rated(redis)
        socket = socket_of(redis)
        code, out, _ = await export(tmp_path, environment={"REDIS_URL": f"unix://{socket}"})
    assert code == 0
    assert "Rayleigh." in out
    assert not (tmp_path / "data").exists()


async def test_pairs_are_what_trl_reads(tmp_path: Path) -> None:
    async with redis_client("", tmp_path / "data") as redis:
        await rated(redis)
        code, out, err = await export(tmp_path, "--pairs")
    assert (code, err) == (0, "1 pair exported.\n")
    assert json.loads(out) == {
        "prompt": [{"role": "user", "content": "¿Por qué?"}],
        "chosen": [{"role": "assistant", "content": "Rayleigh.\u2028"}],
        "rejected": [{"role": "assistant", "content": "Porque sí."}],
    }


async def test_a_file_is_its_owners_alone_and_not_overwritten_unasked(tmp_path: Path) -> None:
    async with redis_client("", tmp_path / "data") as redis:
        await rated(redis)
        code, out, _ = await export(tmp_path, "--output", "rated.jsonl")
        file = tmp_path / "rated.jsonl"
        assert (code, out, file.stat().st_mode & 0o777) == (0, "", 0o600)
        assert len(file.read_text().removesuffix("\n").split("\n")) == 2
        file.write_text("mine")
        file.chmod(0o644)
        code, _, err = await export(tmp_path, "--output", "rated.jsonl")
        assert (code, file.read_text()) == (2, "mine")
        assert "--force" in err
        code, _, _ = await export(tmp_path, "--output", "rated.jsonl", "--force")
        assert (code, file.stat().st_mode & 0o777) == (0, 0o600)
        assert "Rayleigh." in file.read_text()
        code, _, err = await export(tmp_path, "--output", "no-such-folder/rated.jsonl")
        assert code == 2
        assert "No such file or directory" in err
        assert "Traceback" not in err


async def test_where_nothing_was_kept_it_says_so_and_makes_nothing(tmp_path: Path) -> None:
    code, out, err = await export(tmp_path)
    assert (code, out) == (1, "")
    assert "nothing is kept in" in err
    assert "REDIS_URL" in err
    assert list(tmp_path.iterdir()) == []


async def test_a_bot_whose_redis_does_not_answer_is_told_with_a_remedy(tmp_path: Path) -> None:
    async with redis_client("", tmp_path / "data") as redis:
        Path(socket_of(redis)).unlink()
        code, out, err = await export(tmp_path)
    assert (code, out) == (1, "")
    assert "a bot is running on" in err
    assert "stop the bot first" in err
