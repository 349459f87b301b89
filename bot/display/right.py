"""The right to show an answer, which a process can lose and get back: its lease of the conversation."""

from typing import Protocol


class Right(Protocol):
    """Asked before each call to the platform."""

    @property
    def holds(self) -> bool:
        """Whether it is held at this moment."""

    async def wait(self) -> None:
        """Until it is held."""

    async def save(self) -> bool:
        """Let another process know the reply's `progress`, unless that takes long; whether the right is
        held then."""
