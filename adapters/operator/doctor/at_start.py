"""What a start of the bot says of its models: a wrong one would show with the first question otherwise."""

import asyncio
import logging

from adapters.composition.models import access, entries
from adapters.configuration import Settings
from adapters.finding import Verdict
from adapters.models.huggingface.doctor import Model, described, plain
from adapters.variables import shown

logger = logging.getLogger(__name__)


async def warn(settings: Settings) -> None:
    """Log what the model servers of one's own say of themselves that can't be right."""
    models = [
        Model(
            id=entry.id,
            access=access(entry, shown(settings.hf_token)),
            api=entry.api,
            provider=entry.provider,
            context_tokens=entry.context,
        )
        for entry in entries(settings)
        if entry.url
    ]
    servers = await asyncio.gather(*(described(model) for model in models))
    for model, server in zip(models, servers, strict=True):
        for finding in plain(model, server):
            if finding.verdict is not Verdict.OK:
                logger.warning("%s %s", finding.text, finding.remedy)
