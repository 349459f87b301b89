"""Chunks that nobody reads or changes without the passphrase: AES-256-GCM, its key from scrypt.

A chunk is sealed together with its number and with the file's first line: none can be left out, put elsewhere
or come from another file. The nonce is that number, as a key is one file's alone.
"""

import base64
import os
from collections.abc import Mapping
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from adapters.operator.backup.trouble import BackupError

COST = {"n": 2**16, "r": 8, "p": 2}
"""64 MB, and half a second or so: one of those that OWASP's Password Storage Cheat Sheet names."""

MOST = {"n": 2**20, "r": 16, "p": 8}
"""What a file may ask for: a forged one must not take all memory."""

SALT, KEY, NONCE = 16, 32, 12
"""Bytes."""


class Seal(Protocol):
    """What is done to chunks."""

    def close(self, chunk: bytes, number: int) -> bytes:
        """As it lies in the file."""
        ...

    def open(self, chunk: bytes, number: int) -> bytes:
        """What was closed. Raises `BackupError`."""
        ...


class Open:
    """No seal at all."""

    def close(self, chunk: bytes, number: int) -> bytes:
        return chunk

    def open(self, chunk: bytes, number: int) -> bytes:
        return chunk


class Sealed:
    """`how`: what `fresh` gave; `first_line`: the file's. Raises `BackupError`."""

    def __init__(self, passphrase: str, how: Mapping[str, Any], first_line: bytes) -> None:
        try:
            key = _key(passphrase, how)
        except (KeyError, TypeError, ValueError) as error:
            raise BackupError(
                "How the file was encrypted is not known here: take a newer version."
            ) from error
        self._cipher = AESGCM(key)
        self._first_line = first_line

    def close(self, chunk: bytes, number: int) -> bytes:
        return self._cipher.encrypt(number.to_bytes(NONCE), chunk, self._first_line)

    def open(self, chunk: bytes, number: int) -> bytes:
        try:
            return self._cipher.decrypt(number.to_bytes(NONCE), chunk, self._first_line)
        except InvalidTag as error:
            raise BackupError(
                "The passphrase is wrong, or the file was changed after it was written."
            ) from error


def _key(passphrase: str, how: Mapping[str, Any]) -> bytes:
    cost = {name: int(how[name]) for name in COST}
    if any(not 1 <= cost[name] <= most for name, most in MOST.items()):
        raise ValueError
    salt = base64.b64decode(how["salt"], validate=True)
    return Scrypt(salt=salt, length=KEY, **cost).derive(passphrase.encode())


def fresh() -> Mapping[str, Any]:
    """How a new file is sealed, for its first line."""
    return {"kdf": "scrypt", **COST, "salt": base64.b64encode(os.urandom(SALT)).decode()}
