"""A Redis that is not as the bot wants it: too old, closed, full, forgetful. It speaks RESP3."""

import asyncio
from types import TracebackType
from typing import Self

from adapters.stores.redis.trial import RULES

UNKNOWN = b"-ERR unknown command `HELLO`, with args beginning with: `3`, \r\n"
NO_AUTH = b"-NOAUTH HELLO must be called with the client already authenticated.\r\n"
WRONG_PASSWORD = b"-WRONGPASS invalid username-password pair or user is disabled.\r\n"
REPLICA = b"-READONLY You can't write against a read only replica.\r\n"


class RedisServer:
    """`info` goes over what `INFO` says by itself; `save` is its configuration's, `None`: not to be asked."""

    def __init__(
        self,
        *,
        version: str = "7.2.4",
        password: str = "",
        replica: bool = False,
        save: str | None = "",
        **info: str | int,
    ) -> None:
        self._version = version
        self._password = password
        self._replica = replica
        self._save = save
        self._info: dict[str, str | int] = {
            "redis_version": version,
            "used_memory": 1_000_000,
            "maxmemory": 0,
            "maxmemory_policy": "noeviction",
            "aof_enabled": 1,
            "aof_last_write_status": "ok",
            "rdb_last_bgsave_status": "ok",
            **info,
        }
        self._values: dict[bytes, bytes] = {}
        self._server: asyncio.Server | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one client."""
        while line := await reader.readline():
            words = []
            for _ in range(int(line[1:])):
                size = int((await reader.readline())[1:])
                words.append((await reader.readexactly(size + 2))[:-2])
            writer.write(self._answer(words))
            await writer.drain()
        writer.close()

    def _answer(self, words: list[bytes]) -> bytes:
        match [words[0].upper(), *words[1:]]:
            case [b"HELLO", *_] if int(self._version.partition(".")[0]) < 6:
                return UNKNOWN
            case [b"HELLO", _] if self._password:
                return NO_AUTH
            case [b"HELLO", _, b"AUTH", _, given] if self._password not in ("", given.decode()):
                return WRONG_PASSWORD
            case [b"HELLO", *_]:
                said = _bulk(b"version") + _bulk(self._version.encode())
                return b"%2\r\n" + _bulk(b"proto") + b":3\r\n" + said
            case [b"INFO", *_]:
                return _bulk("".join(f"{name}:{value}\r\n" for name, value in self._info.items()).encode())
            case [b"SET", key, value, *_]:
                self._values[key] = value
                return REPLICA if self._replica else b"+OK\r\n"
            case [b"GET", key]:
                return _bulk(self._values[key]) if key in self._values else b"_\r\n"
            case [b"CONFIG", *_] if self._save is not None:
                return b"%1\r\n" + _bulk(b"save") + _bulk(self._save.encode())
            case [b"CLIENT", *_]:
                return b"+OK\r\n"
            case [name, *rest] if name.decode().lower() in RULES:
                return self._tried(name, rest)
        return f"-ERR unknown command '{words[0].decode()}'\r\n".encode()

    @staticmethod
    def _tried(name: bytes, arguments: list[bytes]) -> bytes:
        """What a trial of all commands is answered with, in a shape that redis-py can read."""
        match name:
            case b"SUBSCRIBE":
                return b">3\r\n" + _bulk(b"subscribe") + _bulk(arguments[0]) + b":1\r\n"
            case b"TIME":
                return b"*2\r\n" + _bulk(b"0") + _bulk(b"0")
            case b"SCAN":
                return b"*2\r\n" + _bulk(b"0") + b"*0\r\n"
            case b"HGETALL":
                return b"%0\r\n"
            case b"SCRIPT":
                return _bulk(b"digest")
        return b":0\r\n"


def _bulk(content: bytes) -> bytes:
    return b"$%d\r\n%s\r\n" % (len(content), content)
