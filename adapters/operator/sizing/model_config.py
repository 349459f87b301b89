"""A model's shapes, from the config.json that stands beside its weights on Hugging Face."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypeGuard

from adapters.configuration import ConfigurationError
from adapters.operator.sizing.architecture import Architecture

LARGEST = 10_000_000
"""Far above any real shape."""

EXPERTS = ("num_local_experts", "num_experts")
EXPERTS_PER_TOKEN = ("num_experts_per_tok", "num_experts_per_token", "experts_per_token")
"""Mixtral's names, and what others call the same."""

STEPS = ("decoder_sparse_step", "interleave_moe_layer_step")
"""How many layers there are to one with experts: only 1 is counted."""

GATED = ("silu", "swiglu")
"""The activations of feed-forward blocks with three matrices. With others there may be two."""

OTHERWISE_BUILT = (
    "text_config",  # text beside pictures or sound
    "kv_lora_rank",  # DeepSeek's compressed cache
    "first_k_dense_replace",  # some layers without experts, likewise the next
    "mlp_only_layers",
    "shared_intermediate_size",  # an expert beside the others
    "linear_num_key_heads",  # layers without a key-value cache, likewise the next two
    "mamba_d_state",
    "ssm_state_size",
    "is_encoder_decoder",
)
"""Fields of models that are made in another way: to count them like a Llama would be wrong by far."""


def read_architecture(path: Path) -> Architecture:
    """The shapes that the file gives. Raises `ConfigurationError` with all that is wrong with it."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"--config: there is no file {path}.") from None
    except IsADirectoryError:
        raise ConfigurationError(f"--config: {path} is a folder: name the config.json in it.") from None
    except OSError as theirs:
        raise ConfigurationError(f"--config: {path} can't be read: {theirs.strerror}.") from theirs
    except (ValueError, RecursionError) as theirs:
        raise ConfigurationError(f"--config: {path} is not JSON.") from theirs
    if not isinstance(fields, dict):
        raise ConfigurationError(f"--config: {path} is JSON, but not an object with a model's fields.")
    try:
        return architecture(fields)
    except ConfigurationError as error:
        raise ConfigurationError("\n".join(f"{path}: {line}" for line in str(error).splitlines())) from None


def architecture(fields: Mapping[str, object]) -> Architecture:
    """The shapes, from the fields. Raises `ConfigurationError` with a line for each problem."""
    _refuse_other_builds(fields)
    experts = next((name for name in EXPERTS if fields.get(name) and fields[name] != 1), None)
    width = (
        "moe_intermediate_size" if experts and fields.get("moe_intermediate_size") else "intermediate_size"
    )
    per_token = next((name for name in EXPERTS_PER_TOKEN if fields.get(name)), EXPERTS_PER_TOKEN[0])
    needed = ["hidden_size", width, "num_hidden_layers", "num_attention_heads", "vocab_size"]
    if experts:
        needed += [experts, per_token]
    # Older files leave these out: as many key-value heads as heads, which share the hidden size.
    optional = [name for name in ("num_key_value_heads", "head_dim") if fields.get(name) is not None]
    shapes = _whole_numbers(fields, needed + optional)
    heads, hidden = shapes["num_attention_heads"], shapes["hidden_size"]
    if "head_dim" not in shapes and hidden % heads:
        raise ConfigurationError(f"head_dim is missing, and {hidden} is no multiple of {heads} heads.")
    count = shapes[experts] if experts else 1
    chosen = shapes[per_token] if experts else 1
    if chosen > count:
        raise ConfigurationError(f"{per_token} is {chosen}, but there are {count} experts.")
    window = fields.get("max_position_embeddings")
    return Architecture(
        layers=shapes["num_hidden_layers"],
        hidden=hidden,
        feed_forward=shapes[width],
        attention_heads=heads,
        key_value_heads=shapes.get("num_key_value_heads", heads),
        head_dim=shapes.get("head_dim", hidden // heads),
        vocabulary=shapes["vocab_size"],
        experts=count,
        experts_per_token=chosen,
        # What these models mean when they don't say; for others, it is the larger number.
        tied=fields.get("tie_word_embeddings") is True,
        window=window if _is_shape(window) else None,
    )


def _whole_numbers(fields: Mapping[str, object], names: list[str]) -> dict[str, int]:
    missing = [name for name in names if fields.get(name) is None]
    wrong = [name for name in names if name not in missing and not _is_shape(fields[name])]
    lines = [f"missing: {', '.join(missing)}."] if missing else []
    lines += [f"{name} must be a whole number from 1 to {LARGEST:,}." for name in wrong]
    if lines:
        raise ConfigurationError("\n".join(lines))
    return {name: value for name in names if _is_shape(value := fields[name])}


def _refuse_other_builds(fields: Mapping[str, object]) -> None:
    known = (*EXPERTS, *EXPERTS_PER_TOKEN)
    named = [name for name in OTHERWISE_BUILT if fields.get(name)]
    named += [name for name in STEPS if fields.get(name, 1) != 1]
    named += [
        name for name, value in fields.items() if "expert" in name and name not in known and _is_shape(value)
    ]
    if named:
        raise ConfigurationError(
            f"only models built like Llama, Mistral or Mixtral are counted, and {', '.join(named)} "
            f"{'says' if len(named) == 1 else 'say'} that this one is not."
        )
    activation = fields.get("hidden_act", GATED[0])
    if activation not in GATED:
        raise ConfigurationError(
            "only feed-forward blocks like Llama's are counted: "
            f"hidden_act would be {GATED[0]}, and is another here."
        )


def _is_shape(value: object) -> TypeGuard[int]:
    # A JSON true is an int to Python.
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LARGEST
