"""The models that the operator offers: values."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """`name` is what people choose it by, `id` what its server knows it as. `host`: where it runs.

    `context_tokens`: its window, prompt and answer. `size`: as the operator describes it, or "".
    """

    name: str
    id: str
    host: str
    context_tokens: int
    size: str = ""


def named(models: Sequence[Model], name: str) -> Model | None:
    """The model of that name; `None` where it is not offered any more."""
    return next((model for model in models if model.name == name), None)
