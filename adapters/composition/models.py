"""The models that are offered, each with what asks it."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from adapters.configuration import Settings
from adapters.configuration.models import ModelEntry
from adapters.models.dry_run import DryRunGenerator
from adapters.models.huggingface import HuggingFaceGenerator
from adapters.models.huggingface.access import Access
from adapters.models.huggingface.connections import Connections
from adapters.variables import shown
from bot.conversation.generation import OfferedModel
from bot.ports import Model


def models(settings: Settings, connections: Connections) -> Sequence[tuple[OfferedModel, Model]]:
    """Those that there are, each with what asks it."""
    token = shown(settings.hf_token)
    return [
        (
            OfferedModel(
                name=entry.name,
                id=entry.id,
                host=urlsplit(entry.url).hostname or ("Hugging Face" if token else "dry run"),
                context_tokens=entry.context,
                size=entry.size,
                fallback=entry.fallback,
            ),
            text_generator(entry, token, connections),
        )
        for entry in entries(settings)
    ]


def entries(settings: Settings) -> Sequence[ModelEntry]:
    """Those of `MODELS`, or the one that the other variables describe."""
    return settings.models or (
        ModelEntry(
            name=re.sub(r"[^\w.-]", "-", settings.model_id.rpartition("/")[2])[-32:],
            id=settings.model_id,
            url=settings.model_url,
            api=settings.model_api,
            provider=settings.model_provider,
            context=settings.model_context_tokens,
            api_key=settings.model_api_key,
            headers=settings.model_headers,
            ca_file=settings.model_ca_file,
        ),
    )


def text_generator(entry: ModelEntry, token: str, connections: Connections) -> Model:
    """A server of one's own, Hugging Face's providers, or the dry run."""
    if not entry.url and not token:
        return DryRunGenerator()
    return HuggingFaceGenerator(
        model=entry.id,
        api=entry.api,
        provider=entry.provider,
        access=access(entry, token),
        connections=connections,
    )


def access(entry: ModelEntry, token: str) -> Access:
    """What its server is given. `token`: Hugging Face's."""
    return Access(
        url=entry.url,
        token=token,
        key=shown(entry.api_key),
        headers={name: shown(value) for name, value in entry.headers},
        ca_file=entry.ca_file,
    )
