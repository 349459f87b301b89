"""The states of installations under way: what a browser brings back from Slack shows that it began here."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable

from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from adapters.tries import Tries
from bot.ports import Records

STATE_SECONDS = 600
"""How long a person may take to agree."""

MOST_USED, USED_SECONDS = 60, 60.0
"""States that are used in so many seconds, by everybody: each leaves a key behind until it would be over."""


class TooMany(Exception):
    """Not now."""


class States(AsyncOAuthStateStore):
    """Each is good once. Nothing is kept of one that is not used: anybody may ask for as many as they like.
    `secret`: the app's own, which every process has."""

    def __init__(self, records: Records, secret: str, *, now: Callable[[], float] = time.time) -> None:
        self._records = records
        self._secret = secret.encode()
        self._now = now
        self._used = Tries(MOST_USED, USED_SECONDS)

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        """A new one."""
        fresh = f"{secrets.token_urlsafe(24)}.{int(self._now())}"
        return f"{fresh}.{self._sign(fresh)}"

    async def async_consume(self, state: str) -> bool:
        """Whether it was issued, is not over and was not used before. Raises `TooMany` and
        `StoreUnavailable`."""
        fresh, _, signature = state.rpartition(".")
        if not hmac.compare_digest(self._sign(fresh).encode(), signature.encode(errors="replace")):
            return False
        name, _, issued_at = fresh.partition(".")
        if self._now() - int(issued_at) > STATE_SECONDS:
            return False
        if self._used.next_in("everybody"):
            raise TooMany
        return await self._records.claim(f"state:{name}", STATE_SECONDS)

    def _sign(self, fresh: str) -> str:
        signed = f"installation\0{fresh}".encode(errors="replace")
        return hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
