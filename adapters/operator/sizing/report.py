"""What a model needs, as text with the formula of each number, or as values for JSON."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from adapters.operator.sizing.architecture import (
    GB,
    HEADROOM_PERCENT,
    MIXTRAL,
    PRECISIONS,
    Architecture,
    Split,
    split,
)
from adapters.operator.sizing.gpus import Gpu

ANSWERED = (16, 4)
"""Bits: as it was published, and as it is run where memory is dear."""

FORMATS = (
    "Files for 8 and 4 bit keep scales too and are up to a fifth larger: llama.cpp's Q8_0 has 8.5 bits for "
    "each parameter, its Q4_K_M about 4.8."
)


def draw(name: str, model: Architecture, gpus: Sequence[Gpu], readers: int, context: int) -> None:
    """Everything, on the standard output."""
    screen = Console(highlight=False, markup=False, emoji=False)
    for piece in drawn(name, model, gpus, readers, context):
        screen.print(piece)


def as_values(
    name: str, model: Architecture, gpus: Sequence[Gpu], readers: int, context: int
) -> dict[str, Any]:
    """Everything, ready for JSON. Memory in bytes but for a GPU's, which is in GB like its name."""
    cache = readers * context * model.cache_per_token
    return {
        "model": name,
        "parameters": {
            "total": model.parameters,
            "active_per_token": model.active,
            "active_formula": model.active_formula,
            "parts": [
                {"name": part.name, "parameters": part.parameters, "formula": part.formula}
                for part in model.parts
            ],
        },
        "cache": {
            "readers": readers,
            "context_tokens": context,
            "bytes_per_token": model.cache_per_token,
            "bytes_per_token_formula": model.cache_formula,
            "bytes": cache,
        },
        "precisions": [
            {"bits": bits, "weights_bytes": model.weights(bits), "bytes": model.weights(bits) + cache}
            for bits in PRECISIONS
        ],
        "headroom_percent": HEADROOM_PERCENT,
        "gpus": [
            {
                "name": gpu.name,
                "memory_gb": gpu.memory,
                "needed": [
                    {
                        "bits": bits,
                        "split_by_layers": need.by_layers,
                        "split_by_heads": need.by_heads,
                        "room_for_readers": need.readers,
                    }
                    for bits, need in splits(model, gpu, readers, context)
                ],
            }
            for gpu in gpus
        ],
        "notes": list(remarks(model, context)),
    }


def splits(model: Architecture, gpu: Gpu, readers: int, context: int) -> Iterator[tuple[int, Split]]:
    """For each precision, in bits, how many of the GPUs it takes."""
    for bits in PRECISIONS:
        yield bits, split(model, bits=bits, readers=readers, context=context, memory=gpu.bytes)


def remarks(model: Architecture, context: int) -> Iterator[str]:
    """What an operator could take wrong."""
    if model.experts > 1:
        lead = "8x7B is not 56 billion: the" if model == MIXTRAL else "The"
        yield (
            f"{lead} {model.experts} experts share attention and embeddings, "
            f"{model.shared / 1e9:.1f} billion parameters that are there once. All must be in memory, "
            f"though a token goes through {model.experts_per_token} experts a layer."
        )
    if model.window is not None and context > model.window:
        yield f"{context:,} tokens are more than the model's window of {model.window:,}."
    yield FORMATS


def drawn(
    name: str, model: Architecture, gpus: Sequence[Gpu], readers: int, context: int
) -> Iterator[str | Table | Text]:
    """Everything, piece by piece: the answer, then each kind of number with its formula."""
    cache = readers * context * model.cache_per_token
    each = _binary(model.cache_per_token)
    readers_of = f"{_count(readers, 'reader')} of {context:,} tokens"
    active = f", {model.active / 1e9:.1f} billion active for each token" if model.experts > 1 else ""
    yield Text(f"{name}: {model.parameters / 1e9:.1f} billion parameters" + active)
    for bits in ANSWERED:
        memory = _gb(model.weights(bits) + cache)
        yield f"At {bits} bit with {readers_of}: {memory}, {_held(model, gpus, bits, readers, context)}."
    yield ""
    yield (
        _one_gpu(model, gpus[0], readers, context)
        if len(gpus) == 1
        else _kinds(model, gpus, readers, context)
    )
    yield (
        f"{HEADROOM_PERCENT} % of each GPU is left free, for activations and the runtime. "
        "In brackets: how many it takes where every layer is split (vLLM, SGLang, TGI), as they must "
        f"divide the {model.attention_heads} heads."
    )
    for remark in remarks(model, context):
        yield f"\n{remark}"

    yield "\nHow that comes about:\n"
    yield _memory(model, cache)
    yield ""
    yield _parameters(model)
    yield f"\nKey-value cache of a token: {model.cache_formula} = {each}"
    yield f"Of {_count(readers, 'reader')}: {readers:,} × {context:,} tokens × {each} = {_gb(cache)}"


def _held(model: Architecture, gpus: Sequence[Gpu], bits: int, readers: int, context: int) -> str:
    """The smallest of these GPUs that holds it alone, or how many of the largest do."""
    needs = [
        (gpu, split(model, bits=bits, readers=readers, context=context, memory=gpu.bytes)) for gpu in gpus
    ]
    alone = next((gpu for gpu, need in needs if need.by_layers == 1), None)
    if alone is not None:
        return f"which one GPU of {alone.memory:g} GB holds"
    largest, need = needs[-1]
    return f"which {need.by_layers} GPUs of {largest.memory:g} GB hold"


def _parameters(model: Architecture) -> Table:
    table = _table("Parameters", "Formula", "Number")
    for part in model.parts:
        table.add_row(part.name, part.formula, f"{part.parameters:,}")
    table.add_row("all", "the sum", f"{model.parameters:,}", style="bold")
    table.add_row("active per token", model.active_formula, f"{model.active:,}")
    return table


def _memory(model: Architecture, cache: int) -> Table:
    table = _table("Memory", "Weights", "With the cache")
    for bits in PRECISIONS:
        weights = model.weights(bits)
        formula = f"{model.parameters:,} × {bits} / 8 bytes = {_gb(weights)}"
        table.add_row(f"{bits} bit", formula, _gb(weights + cache))
    return table


def _kinds(model: Architecture, gpus: Iterable[Gpu], readers: int, context: int) -> Table:
    table = _table("GPUs needed", *(f"{bits} bit" for bits in PRECISIONS), "Of these")
    table.columns[-1].justify = "left"
    for memory, alike in groupby(gpus, key=lambda gpu: gpu.memory):
        kinds = list(alike)
        needs = (_needed(need) for _, need in splits(model, kinds[0], readers, context))
        table.add_row(f"{memory:g} GB", *needs, ", ".join(gpu.name for gpu in kinds))
    return table


def _one_gpu(model: Architecture, gpu: Gpu, readers: int, context: int) -> Table:
    table = _table(gpu.name, "GPUs needed", f"Room for readers of {context:,} tokens")
    for bits, need in splits(model, gpu, readers, context):
        table.add_row(f"{bits} bit", _needed(need), f"{need.readers:,}")
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first, no_wrap=True)
    for title in others:
        table.add_column(title, justify="right")
    return table


def _needed(need: Split) -> str:
    if need.by_heads == need.by_layers:
        return str(need.by_layers)
    return f"{need.by_layers} ({need.by_heads or 'none'})"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _gb(number: int) -> str:
    return f"{number / GB:,.{2 if number < 100 * GB else 1}f} GB"


def _binary(number: int) -> str:
    return f"{number / 1024:,.10g} KiB"
