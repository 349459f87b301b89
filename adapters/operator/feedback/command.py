"""`mixtral-bot export-feedback`: what people rated, as JSON lines to learn from."""

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from adapters.configuration import Settings, load_settings
from adapters.operator.feedback.records import Feedback, Record
from adapters.variables import shown

OWNER_ONLY = 0o600


def export_feedback(
    output: Annotated[
        Path | None,
        typer.Option(help="A file to write, which nobody else may read. If not given: standard output."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file where there is one.")] = False,
    pairs: Annotated[
        bool,
        typer.Option("--pairs", help="Pairs of versions, the better and the worse, for trl's DPOTrainer."),
    ] = False,
) -> None:
    """Write the answers that people rated, with their prompts, as JSON lines without anybody's name."""
    if output is not None and not force and os.path.lexists(output):
        raise typer.BadParameter(f"{output} is there already: choose another, or add --force.")
    records = asyncio.run(collected(load_settings(os.environ), pairs=pairs))
    lines = "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)
    content = lines.encode(errors="replace")
    if output is None:
        typer.echo(content, nl=False)
    else:
        write(output, content, force=force)
    kind = "pair" if pairs else "rating"
    typer.echo(f"{len(records)} {kind}{'' if len(records) == 1 else 's'} exported.", err=True)


async def collected(settings: Settings, *, pairs: bool) -> Sequence[Record]:
    """All records, or all pairs. Raises `StoreUnavailable`."""
    # Libraries that no other command should wait for.
    from adapters.models.tokenizer import MixtralTokenizer  # noqa: PLC0415
    from adapters.stores.redis.server import kept_client  # noqa: PLC0415
    from adapters.stores.redis.store import RedisStore  # noqa: PLC0415

    async with kept_client(shown(settings.redis_url), settings.data_dir) as redis:
        store = RedisStore(redis, lease=0.0, history_days=settings.bot_history_days)
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
