"""The passwords that open the page: as they are, or as argon2 hashes, which nobody can read them from."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Mapping

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from adapters.platforms.web.variables import HASHED

AT_ONCE = 2
"""Hashes that are worked on at once: each takes a core for a moment, and the memory that its maker chose."""


class Passwords:
    """`users`: password or hash by name, "" is the name where one is everybody's. None of them: nobody has to
    log in."""

    def __init__(self, users: Mapping[str, str]) -> None:
        self._users = users
        self._hashes = PasswordHasher()
        self._hashing = asyncio.Semaphore(AT_ONCE)

    @property
    def locked(self) -> bool:
        """Whether people have to log in."""
        return bool(self._users)

    @property
    def named(self) -> bool:
        """Whether people have names."""
        return self.locked and "" not in self._users

    def name(self, user: str) -> str:
        """The name under which somebody's password is kept who says to be this user."""
        return user if self.named else ""

    async def opens(self, user: str, password: str) -> str | None:
        """The name of the user whose password this is; takes as long for a wrong name as for a right one."""
        name = self.name(user)
        right = self._users.get(name) or self._somebodys()
        if right.startswith(HASHED):
            async with self._hashing:
                same = await asyncio.to_thread(self._matches, right, password)
        else:
            same = hmac.compare_digest(digest(password), digest(right))
        return name if same and name in self._users else None

    def mark(self, user: str) -> str | None:
        """What changes with a user's password; `None`: there is no such user."""
        return digest(f"mark\0{self._users[user]}") if user in self._users else None

    def user(self, hidden: str) -> str | None:
        """Whose name has this digest."""
        return next((name for name in self._users if hmac.compare_digest(digest(name), hidden)), None)

    def _matches(self, right: str, password: str) -> bool:
        try:
            return self._hashes.verify(right, password)
        except (Argon2Error, InvalidHashError):
            return False

    def _somebodys(self) -> str:
        """What a password is compared with where there is no such user."""
        hashed = (each for each in self._users.values() if each.startswith(HASHED))
        return next(hashed, secrets.token_hex(16))


def digest(text: str) -> str:
    """The same for the same text, and short."""
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()
