"""The way from a dry run to a model, for whoever runs the bot and has a page of it before them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from adapters.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerHere:
    """A model server that was found on this machine: what it is as a rule, where it is, what it has."""

    title: str
    url: str
    models: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """What was chosen: the server at `url`, which may want a `key`, or else Hugging Face's providers with a
    `token`. `model`: its name there; "": as it is set, or the nearest to that. `longer`: answers shall be as
    long as conversations need, each from another seed."""

    url: str = ""
    key: str = ""
    model: str = ""
    token: str = ""
    longer: bool = False


class FirstSteps(Protocol):
    """What a page offers to whoever comes with the key that the terminal shows."""

    def opens(self, key: str) -> bool:
        """Whether that is the key. It opens once."""

    async def here(self) -> Sequence[ServerHere]:
        """The model servers of this machine."""

    async def take(self, choice: ModelChoice) -> Sequence[Finding]:
        """Try it, and where nothing is wrong keep it for the next start; what was found."""

    def restart(self) -> None:
        """Let running answers end, then start again with what was kept; nothing where nothing was."""
