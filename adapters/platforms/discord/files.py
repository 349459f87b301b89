"""Reads files that lie with Discord, and nowhere else."""

import aiohttp
import yarl

from adapters.platforms.discord.errors import library_errors
from adapters.proxies import proxy_for
from bot.errors import PlatformFailed

FILE_HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
FILE_TIMEOUT = aiohttp.ClientTimeout(total=30.0)


async def file_head(address: str, limit: int, *, api: yarl.URL) -> bytes:
    """The file's first `limit` bytes. `api`: the server in Discord's place, which has files of its own.

    Raises `PlatformFailed`.
    """
    url = yarl.URL(address, encoded=True)
    hosted = url.scheme == "https" and url.host in FILE_HOSTS
    if not hosted and (url.scheme, url.host, url.port) != (api.scheme, api.host, api.port):
        raise PlatformFailed("a file that does not lie with Discord")
    content = bytearray()
    with library_errors():
        async with (
            aiohttp.ClientSession(timeout=FILE_TIMEOUT) as session,
            session.get(url, allow_redirects=False, proxy=proxy_for(str(url))) as response,
        ):
            if response.status != 200:
                raise PlatformFailed(f"a file was answered with {response.status}")
            async for chunk in response.content.iter_any():
                content += chunk
                if len(content) >= limit:
                    break
    return bytes(content[:limit])
