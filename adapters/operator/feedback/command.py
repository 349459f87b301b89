"""`mixtral-bot export-feedback`: what people rated, as JSON lines to learn from.

What it does stands in `export`, and is imported when it is carried out.
"""

import json
import os
from pathlib import Path
from typing import Annotated

import typer


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
    from adapters.operator.feedback.export import rated, write  # noqa: PLC0415

    if output is not None and not force and os.path.lexists(output):
        raise typer.BadParameter(f"{output} is there already: choose another, or add --force.")
    records = rated(pairs=pairs)
    lines = "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)
    content = lines.encode(errors="replace")
    if output is None:
        typer.echo(content, nl=False)
    else:
        write(output, content, force=force)
    kind = "pair" if pairs else "rating"
    typer.echo(f"{len(records)} {kind}{'' if len(records) == 1 else 's'} exported.", err=True)
