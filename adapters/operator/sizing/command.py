"""`mixtral-bot size`: what a Mixtral, or another model, needs.

What it says of that stands in `report`, and is imported when it is carried out.
"""

import json
from pathlib import Path
from typing import Annotated

import typer

MIXTRAL_NAME = "Mixtral-8x7B-Instruct-v0.1"
WINDOW = 32768
"""Tokens: what is counted for each reader, unless the model's window is shorter."""

MOST_READERS, MOST_TOKENS = 1_000_000, 100_000_000


def size(
    gpu: Annotated[
        str | None, typer.Option(help="One GPU alone: its name, as A100-80GB, or its memory in GB.")
    ] = None,
    readers: Annotated[
        int,
        typer.Option(
            min=1,
            max=MOST_READERS,
            help="Answers at the same time; the bot asks for MODEL_CONCURRENCY at most.",
        ),
    ] = 1,
    context: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MOST_TOKENS,
            help=f"Tokens of prompt and answer for each. If not given: the model's window, at most {WINDOW}.",
        ),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Another model, by its config.json from Hugging Face.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, in bytes.")] = False,
) -> None:
    """Say what memory a Mixtral or another model needs, and which GPUs hold it."""
    from adapters.operator.sizing.architecture import MIXTRAL  # noqa: PLC0415
    from adapters.operator.sizing.gpus import GPUS, gpu_asked  # noqa: PLC0415
    from adapters.operator.sizing.model_config import read_architecture  # noqa: PLC0415
    from adapters.operator.sizing.report import as_values, draw  # noqa: PLC0415

    gpus = GPUS if gpu is None else (gpu_asked(gpu),)
    model = MIXTRAL if config is None else read_architecture(config)
    tokens = context or min(model.window or WINDOW, WINDOW)
    name = MIXTRAL_NAME if config is None else str(config)
    if as_json:
        typer.echo(json.dumps(as_values(name, model, gpus, readers, tokens), indent=2, ensure_ascii=False))
        return
    draw(name, model, gpus, readers, tokens)
