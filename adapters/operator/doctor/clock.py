"""This machine's clock, against what the servers say that the bot talks to anyway."""

import asyncio
import time
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import aiohttp

from adapters.finding import Finding, ok, warning, wrong
from adapters.proxies import proxy_for

ASKED = aiohttp.ClientTimeout(total=1.5)

OFF = 30.0
"""Seconds. A `Date` is a whole second, a round trip may take one or two: less than this says nothing."""


REFUSED = 300.0
"""Seconds from which on what is signed with the time is refused: five minutes are usual."""


async def check(urls: Sequence[str]) -> list[Finding]:
    """Compare with whichever of the servers agrees best: theirs may be off, too."""
    name = "clock"
    async with aiohttp.ClientSession(timeout=ASKED) as session:
        told = await asyncio.gather(*(_ahead(session, url) for url in urls))
    offsets = [(offset, url) for offset, url in zip(told, urls, strict=True) if offset is not None]
    if not offsets:
        return [ok(name, "It was not compared: none of the servers that were asked told the time.")]
    offset, url = min(offsets, key=lambda pair: abs(pair[0]))
    host, seconds = urlsplit(url).hostname, abs(offset)
    text = (
        f"This machine's clock is {seconds:,.0f} s {'ahead of' if offset > 0 else 'behind'} that of {host}."
    )
    remedy = "Set it by NTP: timedatectl set-ntp true."
    if seconds > REFUSED:
        return [wrong(name, f"{text} Signed events are refused, and certificates may be.", remedy)]
    return [warning(name, text, remedy) if seconds > OFF else ok(name, f"It agrees with that of {host}.")]


async def _ahead(session: aiohttp.ClientSession, url: str) -> float | None:
    """Seconds by which our clock is ahead of that server's; `None` where it does not say."""
    begun = time.time()
    try:
        async with session.head(url, allow_redirects=False, proxy=proxy_for(url)) as response:
            theirs = parsedate_to_datetime(response.headers["Date"]).timestamp()
    except (aiohttp.ClientError, OSError, KeyError, ValueError):
        return None
    # Theirs is cut to whole seconds: on average half a second is missing.
    return (begun + time.time()) / 2 - (theirs + 0.5)
