"""Which models answer: the one that was chosen, and those that stand in for it where it fails."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.generation import OfferedModel
from bot.errors import ContextTooLong, ModelError, ModelRefused
from bot.ports import Model

FIRST_REST = 2.0
"""Seconds that a server which failed is asked last; doubled for each failure that follows."""

LONGEST_REST = 60.0


@dataclass(slots=True)
class _Rest:
    failures: int = 0
    until: float = 0.0


class Candidates:
    """`models`: those on offer, the first one by default; `generators` by their names."""

    def __init__(self, models: Sequence[OfferedModel], generators: Mapping[str, Model]) -> None:
        self.models = models
        self._generators = generators
        self._rests = {model.name: _Rest() for model in models}

    def generator(self, model: OfferedModel) -> Model:
        """What asks this model."""
        return self._generators[model.name]

    def instead_of(self, model: OfferedModel, *, begun: bool) -> Sequence[OfferedModel]:
        """Who is asked one after another, `model` among them; `begun`: an answer that another model may not
        finish, so the same one alone. Those that failed lately come last."""
        others = [
            each
            for each in self.models
            if each.fallback and each is not model and (each.id == model.id or not begun)
        ]
        return sorted((model, *others), key=self._rests_now)

    def heir(self, model: OfferedModel) -> OfferedModel | None:
        """Who goes on with what this one has begun, as the same model elsewhere can, or it itself can."""
        able = [each for each in self.instead_of(model, begun=True) if self.generator(each).continues]
        elsewhere = [each for each in able if each is not model and not self._rests_now(each)]
        return next(iter((*elsewhere, *(each for each in able if each is model))), None)

    def failed(self, model: OfferedModel, error: ModelError) -> None:
        """It gave no answer: let it rest, unless the request was to blame."""
        if isinstance(error, ContextTooLong | ModelRefused):
            return
        rest = self._rests[model.name]
        pause = min(FIRST_REST * 2**rest.failures, LONGEST_REST)
        rest.failures += 1
        rest.until = asyncio.get_running_loop().time() + pause

    def answered(self, model: OfferedModel) -> None:
        """It is well."""
        self._rests[model.name] = _Rest()

    @property
    def resting(self) -> Mapping[str, bool]:
        """Of each model whether it is asked last, as it failed lately."""
        return {model.name: self._rests_now(model) for model in self.models}

    def _rests_now(self, model: OfferedModel) -> bool:
        return asyncio.get_running_loop().time() < self._rests[model.name].until
