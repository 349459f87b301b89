"""Who is logged in: kept in the store, so that a login ends everywhere when it ends.

A browser holds a token, the store a digest of it with digests of whose it is: what lies in the store lets
nobody in, and names nobody.
"""

import asyncio
import json
import secrets
from collections import OrderedDict

from adapters.platforms.web.limits import LOGIN_SECONDS
from adapters.platforms.web.passwords import Passwords, digest
from bot.ports import Records

REMEMBERED = 5.0
"""Seconds for which a process goes on with what it read: so long may it not know that a login has ended."""

MOST_REMEMBERED = 10_000


class Logins:
    """Every method raises `StoreUnavailable`."""

    def __init__(self, records: Records, passwords: Passwords) -> None:
        self._records = records
        self._passwords = passwords
        self._remembered: OrderedDict[tuple[str, str], tuple[str, float]] = OrderedDict()

    async def begin(self, browser: str, user: str) -> str:
        """Log a user in, in that browser; the token."""
        token = secrets.token_urlsafe(32)
        kept = {
            "user": digest(user),
            "browser": digest(browser),
            "mark": self._passwords.mark(user),
            "round": await self._round(user),
        }
        await self._records.save(f"login:{digest(token)}", json.dumps(kept), LOGIN_SECONDS)
        return token

    async def user(self, token: str, browser: str) -> str | None:
        """Who is logged in there; `None`: nobody, any more."""
        if not token:
            return None
        now = asyncio.get_running_loop().time()
        user, until = self._remembered.get((token, browser), ("", 0.0))
        if until > now:
            return user
        found = await self._read(token, browser)
        if found is not None:
            self._remembered[token, browser] = found, now + REMEMBERED
            self._remembered.move_to_end((token, browser))
            while len(self._remembered) > MOST_REMEMBERED:
                self._remembered.popitem(last=False)
        return found

    async def end(self, token: str) -> None:
        """Log out where that token is held."""
        self._remembered.clear()
        await self._records.take(f"login:{digest(token)}")

    async def end_all(self, user: str) -> None:
        """Log a user out wherever they are logged in."""
        self._remembered.clear()
        await self._records.save(f"logins:{digest(user)}", secrets.token_hex(8), LOGIN_SECONDS)

    async def _read(self, token: str, browser: str) -> str | None:
        text = await self._records.load(f"login:{digest(token)}")
        if text is None:
            return None
        kept = json.loads(text)
        user = self._passwords.user(kept["user"])
        if user is None or kept["browser"] != digest(browser) or kept["mark"] != self._passwords.mark(user):
            return None
        return user if kept["round"] == await self._round(user) else None

    async def _round(self, user: str) -> str:
        """Changes whenever they are logged out everywhere."""
        return await self._records.load(f"logins:{digest(user)}") or ""
