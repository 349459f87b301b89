"""What people wrote, their names and all tokens, sealed before it goes to the store: AES-256-GCM.

A sealed text says which key it was sealed with: `sealed:KEY'S ID:BASE64 of a nonce of 12 bytes and the rest`.
It protects what is kept against whoever reads it, not against whoever writes to the store.
"""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

MARK = "sealed:"

NONCE = 12
"""Bytes. As many as AES-GCM has; chance makes them, which is sound for 2³² texts of one key."""

LENGTH = 32
"""Bytes of a key."""

LOST = "lost:"
"""What stands in the list in place of a key that nobody has any more; its id follows."""


class NoKey(Exception):
    """Nobody here can open it: the key of this `id` is missing, or what was sealed is damaged."""

    def __init__(self, id: str, *, damaged: bool = False) -> None:  # noqa: A002  # the key's own word
        super().__init__(
            f"sealed with the key {id}, and damaged" if damaged else f"the key {id} is not in ENCRYPTION_KEYS"
        )
        self.id = id


@dataclass(frozen=True, slots=True)
class Key:
    """`id`: eight hexadecimal digits of its hash, so that a key has one name everywhere."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        return hashlib.sha256(b"mixtral-bot key\0" + self.secret).hexdigest()[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyList:
    """`keys`: the first seals, all open. `lost`: ids of those that nobody has any more: what they sealed is
    given up."""

    keys: tuple[Key, ...] = ()
    lost: frozenset[str] = frozenset()


NO_KEYS = KeyList()


def read_keys(listed: str) -> KeyList:
    """Keys of 32 bytes in base64, with commas between them. Raises `ValueError`."""
    keys, lost = [], set()
    for each in filter(None, (part.strip() for part in listed.split(","))):
        if each.startswith(LOST):
            lost.add(each.removeprefix(LOST))
            continue
        secret = base64.b64decode(each.replace("-", "+").replace("_", "/"), validate=True)
        if len(secret) != LENGTH:
            raise ValueError
        keys.append(Key(secret))
    if not keys and listed.strip():
        raise ValueError
    return KeyList(keys=tuple(dict.fromkeys(keys)), lost=frozenset(lost))


class Sealing:
    """`using`: the id of the key that seals, as all processes agree (`seals`); "": nothing is sealed yet, or
    at all. `mixed`: something may be kept that this key has not sealed."""

    def __init__(self, keys: Sequence[Key] = ()) -> None:
        self.ids = tuple(key.id for key in keys)
        self.using = ""
        self.mixed = True
        if keys:
            # Eleven megabytes of memory: only where they are needed.
            from cryptography.exceptions import InvalidTag  # noqa: PLC0415
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

            self._ciphers = {key.id: AESGCM(key.secret) for key in keys}
            self._invalid = InvalidTag

    def seal(self, text: str) -> str:
        """The text sealed; as it is where nothing is sealed, and where it is empty."""
        if not self.using or not text:
            return text
        nonce = secrets.token_bytes(NONCE)
        sealed = self._ciphers[self.using].encrypt(nonce, text.encode(errors="surrogatepass"), None)
        return f"{MARK}{self.using}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, text: str) -> str:
        """What was sealed. Raises `NoKey`."""
        name, _, coded = text.removeprefix(MARK).partition(":")
        if name not in self.ids:
            raise NoKey(name)
        try:
            sealed = base64.b64decode(coded, validate=True)
            opened: bytes = self._ciphers[name].decrypt(sealed[:NONCE], sealed[NONCE:], None)
        except (ValueError, self._invalid):
            raise NoKey(name, damaged=True) from None
        return opened.decode(errors="surrogatepass")

    def read(self, text: str) -> str:
        """A text that is sealed, or is not. Raises `NoKey`."""
        return self.open(text) if self.ids and text.startswith(MARK) else text

    def is_current(self, text: str) -> bool:
        """Whether a text is sealed as it would be now."""
        return text.startswith(f"{MARK}{self.using}:")
