"""Reads what people rated, and writes it to a file."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

import typer

from adapters.composition.store import kept_store
from adapters.configuration import Settings, load_settings
from adapters.models.tokenizer import MixtralTokenizer
from adapters.operator.feedback.records import Feedback, Record
from adapters.stores.redis.server import kept_client
from adapters.variables import shown

OWNER_ONLY = 0o600


def rated(*, pairs: bool) -> Sequence[Record]:
    """All records of the configured store, or all pairs. Raises `StoreUnavailable`."""
    return asyncio.run(collected(load_settings(os.environ), pairs=pairs))


async def collected(settings: Settings, *, pairs: bool) -> Sequence[Record]:
    """All records, or all pairs. Raises `StoreUnavailable`."""
    async with kept_client(shown(settings.redis_url), settings.data_dir) as redis:
        store = kept_store(redis, settings, lease=0.0)
        await store.prepare()
        feedback = Feedback(pseudonym=store.people.pseudonym, tokenizer=MixtralTokenizer())
        found: list[Record] = []
        async for conversation, turns in store.conversations.everything():
            found += feedback.pairs(turns) if pairs else feedback.records(conversation, turns)
        return found


def write(output: Path, content: bytes, *, force: bool) -> None:
    """Make the file. Raises `typer.BadParameter` where it can't be made."""
    try:
        if force:
            output.unlink(missing_ok=True)
        # Made with these rights, not given them later; what another program put there meanwhile stays.
        with open(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
            file.write(content)
    except OSError as error:
        raise typer.BadParameter(f"{output} can't be written ({error.strerror}).") from error
