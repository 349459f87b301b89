"""`mixtral-bot backup` and `restore`, on real Redis servers."""

import os
import stat
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from adapters.operator.backup.archive import Writing
from adapters.stores.redis.client import Client
from adapters.stores.redis.copied import Entry
from adapters.stores.redis.keys import FORMATS, SEALS
from adapters.stores.redis.server import RedisRefused, redis_client
from adapters.stores.redis.store import RedisStore
from adapters.stores.redis.trial import CLUSTER_RULES, RULES
from tests.adapters.redis.whole_store import answered, fill, kept_in, one, opened, sign
from tests.fakes.messages import CHANNEL
from tests.program import Outcome, at_terminal, outcome
from tests.redis_content import KEYS
from tests.servers.store import empty, limited, one_server

FILE = "bot.backup"
SECRET = "correct horse battery staple"


async def say(
    *arguments: str,
    folder: Path,
    url: str = "",
    installed: bool = False,
    more: Mapping[str, str] | None = None,
) -> Outcome:
    """What comes of a command on that store, "" for the bot's own."""
    variables = {"COLUMNS": "200", **({"REDIS_URL": url} if url else {}), **(more or {})}
    return await outcome(*arguments, folder=folder, environment=variables, installed=installed)


@asynccontextmanager
async def there(url: str) -> AsyncIterator[Client]:
    """What is at that address, with nothing in it."""
    async with redis_client(url, Path()) as client:
        await empty(client)
        yield client


@pytest.fixture
async def other(tmp_path: Path) -> AsyncIterator[str]:
    """The URL of another server."""
    async with one_server(tmp_path / "other") as url:
        yield url


async def backed_up(redis: Redis, url: str, folder: Path) -> Path:
    """The file of a backup of a store in which something of everything is."""
    await fill(redis)
    said = await say("backup", FILE, folder=folder, url=url)
    assert said.code == 0, said.err
    return folder / FILE


async def test_what_is_restored_is_the_same_byte_by_byte(
    redis: Redis, redis_url: str, other: str, tmp_path: Path
) -> None:
    await fill(redis)
    await redis.set("others:key", "stays out")
    before = await kept_in(redis)
    saved = await say("backup", FILE, folder=tmp_path, url=redis_url, installed=True)
    assert (saved.code, saved.out) == (0, "")
    assert saved.err == f"26 conversations in {saved.err.split()[3]} keys, not encrypted.\n"
    restored = await say("restore", FILE, folder=tmp_path, url=other, installed=True)
    assert restored.code == 0, restored.err
    async with redis_client(other, Path()) as there:
        del before["others:key"]
        assert await kept_in(there) == before
        assert await there.hgetall(FORMATS) == {"format": "2"}


async def test_a_single_server_is_restored_into_a_cluster_and_back(
    redis: Redis, redis_url: str, other: str, tmp_path: Path, cluster_url: str
) -> None:
    await there_and_back(redis, (redis_url, cluster_url, other), tmp_path)


async def test_a_single_server_is_restored_into_what_sentinels_watched_and_back(
    redis: Redis, redis_url: str, other: str, tmp_path: Path, watched_url: str
) -> None:
    await there_and_back(redis, (redis_url, watched_url, other), tmp_path)


async def there_and_back(redis: Redis, urls: tuple[str, str, str], tmp_path: Path) -> None:
    """From the first into the second, and from there into the third."""
    redis_url, url, other = urls
    file = await backed_up(redis, redis_url, tmp_path)
    before = await kept_in(redis)
    async with there(url) as client:
        assert (await say("restore", FILE, folder=tmp_path, url=url)).code == 0
        assert await kept_in(client) == before
        file.unlink()
        assert (await say("backup", FILE, folder=tmp_path, url=url)).code == 0
    assert (await say("restore", FILE, folder=tmp_path, url=other)).code == 0
    async with redis_client(other, Path()) as again:
        assert await kept_in(again) == before


async def test_the_bots_own_store_is_saved_while_it_runs_and_restored_where_none_was(tmp_path: Path) -> None:
    async with redis_client("", tmp_path / ".mixtral-bot") as running:
        await fill(running)
        before = await kept_in(running)
        assert (await say("backup", FILE, folder=tmp_path)).code == 0
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    restored = await say("restore", str(tmp_path / FILE), folder=elsewhere)
    assert restored.code == 0, restored.err
    async with redis_client("", elsewhere / ".mixtral-bot") as again:
        assert await kept_in(again) == before


async def test_it_goes_through_pipes(redis: Redis, redis_url: str, other: str, tmp_path: Path) -> None:
    await fill(redis)
    before = await kept_in(redis)
    program = "mixtral-bot backup - | REDIS_URL=$OTHER mixtral-bot restore -"
    ended = await shell(program, tmp_path, REDIS_URL=redis_url, OTHER=other)
    assert ended == 0
    async with redis_client(other, Path()) as there:
        assert await kept_in(there) == before


async def shell(program: str, folder: Path, **variables: str) -> int:
    from asyncio import create_subprocess_shell

    from tests.scenarios.bot_process import PROGRAM

    path = f"{PROGRAM.parent}:{os.environ['PATH']}"
    process = await create_subprocess_shell(program, cwd=folder, env={"PATH": path, **variables})
    return await process.wait()


async def test_the_least_that_the_bot_may_is_enough(
    redis: Redis, redis_url: str, other: str, tmp_path: Path
) -> None:
    await fill(redis)
    async with limited(redis_url, RULES) as url, limited(other, RULES) as into:
        saved = await say("backup", FILE, folder=tmp_path, url=url)
        assert saved.code == 0, saved.err
        restored = await say("restore", FILE, folder=tmp_path, url=into)
        assert restored.code == 0, restored.err


async def test_the_same_on_a_cluster(cluster_url: str, tmp_path: Path) -> None:
    async with there(cluster_url) as client:
        await fill(client)
        async with limited(cluster_url, f"{RULES} {CLUSTER_RULES}") as url:
            saved = await say("backup", FILE, folder=tmp_path, url=url)
            assert saved.code == 0, saved.err
            restored = await say("restore", "--replace", FILE, folder=tmp_path, url=url)
            assert restored.code == 0, restored.err


async def test_only_the_owner_may_read_it_and_nothing_else_is_left(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    file = await backed_up(redis, redis_url, tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir() if "backup" in each.name] == [FILE]


async def test_a_file_that_is_there_is_written_over_only_when_told(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    file = tmp_path / FILE
    file.write_text("precious")
    await fill(redis)
    refused = await say("backup", FILE, folder=tmp_path, url=redis_url)
    assert (refused.code, file.read_text()) == (2, "precious")
    assert "add --force" in refused.err
    assert (await say("backup", FILE, "--force", folder=tmp_path, url=redis_url)).code == 0
    assert file.read_bytes().startswith(b'{"mixtral-bot backup": 1')


async def test_what_can_not_be_written_says_so(redis: Redis, redis_url: str, tmp_path: Path) -> None:
    await fill(redis)
    refused = await say("backup", "missing/bot.backup", folder=tmp_path, url=redis_url)
    assert (refused.code, refused.err) == (
        1,
        "missing/bot.backup can't be written (No such file or directory).\n",
    )


async def test_a_store_on_which_no_bot_ever_was_is_not_taken_for_one(redis_url: str, tmp_path: Path) -> None:
    async with there(redis_url):
        refused = await say("backup", FILE, folder=tmp_path, url=redis_url)
    assert refused.code == 1
    assert "There is nothing to back up" in refused.err
    assert not (tmp_path / FILE).exists()


async def test_a_store_that_is_not_empty_is_left_alone_until_told(
    redis: Redis, redis_url: str, other: str, tmp_path: Path
) -> None:
    await backed_up(redis, redis_url, tmp_path)
    before = await kept_in(redis)
    async with redis_client(other, Path()) as there:
        await fill(there, conversations=1)
        await there.set("others:key", "stays")
        untouched = await kept_in(there)
        refused = await say("restore", FILE, folder=tmp_path, url=other)
        assert refused.code == 1
        assert "The store is not empty, and nothing was changed." in refused.err
        assert await kept_in(there) == untouched
        assert (await say("restore", "--replace", FILE, folder=tmp_path, url=other)).code == 0
        after = await kept_in(there)
        assert after.pop("others:key") == ("string", b"stays", False)
        assert after == before


async def test_nothing_is_restored_under_a_bot_that_runs_until_told(
    redis: Redis, redis_url: str, other: str, tmp_path: Path
) -> None:
    await backed_up(redis, redis_url, tmp_path)
    async with redis_client(other, Path()) as there:
        await opened(there)
        await sign(there, "here:4711")
        refused = await say("restore", FILE, folder=tmp_path, url=other)
        assert refused.code == 1
        assert "Bots are running on this store: here:4711." in refused.err
        told = await say("restore", "--while-running", FILE, folder=tmp_path, url=other)
        assert told.code == 0, told.err


async def test_a_bot_that_was_only_started_has_left_nothing_to_replace(
    redis: Redis, redis_url: str, other: str, tmp_path: Path
) -> None:
    await backed_up(redis, redis_url, tmp_path)
    async with redis_client(other, Path()) as there:
        await opened(there)
        assert (await say("restore", FILE, folder=tmp_path, url=other)).code == 0
        await opened(there)


def written(path: Path, *entries: Entry) -> Path:
    """A file that has these."""
    with path.open("wb") as file:
        writing = Writing(file, format=2, version="0.1.0", made="", passphrase="")
        for entry in entries:
            writing.put(entry)
        writing.end(2)
    return path


async def test_no_bot_starts_where_a_restore_has_broken_off(
    redis: Redis, redis_url: str, other: str, tmp_path: Path
) -> None:
    await backed_up(redis, redis_url, tmp_path)
    records = [
        Entry(key=f"mixtral:record:{name}", kind="string", parts=(b"x" * 1000,)) for name in range(5000)
    ]
    written(tmp_path / "breaks", *records, Entry(key="others:key", kind="string", parts=(b"",)))
    async with redis_client(other, Path()) as there:
        broken = await say("restore", "breaks", folder=tmp_path, url=other)
        assert broken.code == 1
        assert "The restore broke off: no bot starts on this store until" in broken.err
        assert len(await kept_in(there)) > 1000
        with pytest.raises(RedisRefused, match="restore --replace FILE again"):
            await opened(there)
        saved = await say("backup", "other.backup", folder=tmp_path, url=other)
        assert "A backup is being restored here" in saved.err
        assert (await say("restore", "--replace", FILE, folder=tmp_path, url=other)).code == 0
        await opened(there)
        assert await kept_in(there) == await kept_in(redis)


async def test_a_store_of_a_newer_version_is_neither_saved_nor_restored(
    redis: Redis, redis_url: str, other: str, tmp_path: Path
) -> None:
    await backed_up(redis, redis_url, tmp_path)
    await redis.hset(FORMATS, "format", 99)
    refused = await say("backup", "other.backup", folder=tmp_path, url=redis_url)
    assert "What is kept has format 99, and this version reads up to" in refused.err
    assert refused.code == 1


async def test_what_is_over_by_now_is_left_out(redis: Redis, redis_url: str, tmp_path: Path) -> None:
    soon = int(1000 * (time.time() + 3600))
    written(
        tmp_path / FILE,
        *(
            Entry(key=f"mixtral:record:{name}", kind="string", until=until, parts=(b"",))
            for name, until in (("over", 1), ("soon", soon), ("never", 0))
        ),
    )
    restored = await say("restore", FILE, folder=tmp_path, url=redis_url)
    assert restored.err == "0 conversations in 3 keys restored. 1 of these were over by now.\n"
    assert await redis.ttl("mixtral:record:over") == -2
    assert abs(await redis.ttl("mixtral:record:soon") - 3600) < 60
    assert await redis.ttl("mixtral:record:never") == -1


@pytest.mark.parametrize("by", ["variable", "file"])
async def test_an_encrypted_one_says_nothing_without_its_passphrase(
    redis: Redis, redis_url: str, other: str, tmp_path: Path, by: str
) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    options = ("--passphrase-file", "secret") if by == "file" else ()
    more = {"BACKUP_PASSPHRASE": SECRET} if by == "variable" else {}
    await fill(redis)
    saved = await say("backup", *options, FILE, folder=tmp_path, url=redis_url, more=more)
    assert saved.err.endswith("keys, encrypted.\n")
    refused = await say("restore", FILE, folder=tmp_path, url=other)
    assert refused.code == 1
    assert "Set BACKUP_PASSPHRASE, or name a file that has it" in refused.err
    wrong = await say("restore", FILE, folder=tmp_path, url=other, more={"BACKUP_PASSPHRASE": "wrong"})
    assert (wrong.code, "The passphrase is wrong" in wrong.err) == (1, True)
    async with redis_client(other, Path()) as there:
        assert await kept_in(there) == {}
        right = await say("restore", *options, FILE, folder=tmp_path, url=other, more=more)
        assert right.code == 0, right.err
        assert await kept_in(there) == await kept_in(redis)


async def test_at_a_terminal_the_passphrase_is_asked_for_and_not_shown(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    await fill(redis)
    variables = {"REDIS_URL": redis_url}
    async with at_terminal("backup", "--encrypt", FILE, folder=tmp_path, environment=variables) as window:
        await window.see("Passphrase:")
        window.type(SECRET)
        await window.see("Once more:")
        window.type(SECRET)
        await window.see("encrypted.")
        assert SECRET not in window.shown


async def test_what_is_sealed_stays_sealed_and_wants_its_keys(
    redis: Redis, redis_url: str, other: str, tmp_path: Path
) -> None:
    sealing = RedisStore(redis, lease=60, history_days=30, keys=KEYS)
    await sealing.prepare()
    await answered(sealing, CHANNEL, one("1"))
    await redis.hset(SEALS, "whole", KEYS.keys[0].id)
    assert (await say("backup", FILE, folder=tmp_path, url=redis_url)).code == 0
    assert (await say("restore", FILE, folder=tmp_path, url=other)).code == 0
    async with redis_client(other, Path()) as there:
        with pytest.raises(RedisRefused, match="ENCRYPTION_KEYS"):
            await opened(there)
        again = RedisStore(there, lease=60, history_days=30, keys=KEYS)
        await again.prepare()
        assert [turn.question for turn in (await again.conversations.read(CHANNEL)).turns] == ["¿Por qué?"]
        assert await there.hget(SEALS, "whole") is None
