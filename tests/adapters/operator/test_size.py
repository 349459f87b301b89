"""`mixtral-bot size`, as an operator types it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.main import main

MIXTRAL = {
    "architectures": ["MixtralForCausalLM"],
    "hidden_act": "silu",
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "max_position_embeddings": 32768,
    "model_type": "mixtral",
    "num_attention_heads": 32,
    "num_experts_per_tok": 2,
    "num_hidden_layers": 32,
    "num_key_value_heads": 8,
    "num_local_experts": 8,
    "output_router_logits": False,
    "router_aux_loss_coef": 0.02,
    "sliding_window": None,
    "tie_word_embeddings": False,
    "vocab_size": 32000,
}
DENSE = {name: value for name, value in MIXTRAL.items() if "expert" not in name}

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """Runs `mixtral-bot size` with options: its exit code, its output, its complaints, each on one line."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*options: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mixtral-bot", "size", *options])
        with pytest.raises(SystemExit) as exited:
            main()
        told = capsys.readouterr()
        return int(exited.value.code or 0), told.out, told.err

    return run


@pytest.fixture
def config(tmp_path: Path) -> Callable[[object], str]:
    def write(fields: object) -> str:
        path = tmp_path / "config.json"
        path.write_text(fields if isinstance(fields, str) else json.dumps(fields))
        return str(path)

    return write


def values(say: Say, *options: str) -> Any:
    code, output, _ = say("--json", *options)
    assert code == 0
    return json.loads(output)


def row(output: str, first: str) -> list[str]:
    return next(line for line in output.splitlines() if line.startswith(first)).split()


def test_a_mixtral_is_shown_with_its_formulas(say: Say) -> None:
    code, output, errors = say()
    assert (code, errors) == (0, "")
    assert "46.7 billion parameters, 12.9 billion active for each token" in output
    assert "8x7B is not 56 billion: the 8 experts share attention and embeddings" in output
    assert "32 layers × 8 × 3 × 4,096 × 14,336  45,097,156,608" in output
    assert "46,702,792,704 × 16 / 8 bytes = 93.41 GB" in output
    for bits, weights in (("32", "186.8"), ("16", "93.41"), ("8", "46.70"), ("4", "23.35")):
        assert weights in row(output, f"{bits} bit")
    assert "32 layers × 8 key-value heads × 128 dimensions × 2 (key and value) × 2 bytes = 128 KiB" in output
    assert "Of 1 reader: 1 × 32,768 tokens × 128 KiB = 4.29 GB" in output
    assert "10 % of each GPU is left free" in output


def test_the_gpus_that_hold_it_are_counted_for_every_precision(say: Say) -> None:
    _, output, _ = say()
    assert row(output, "80 GB") == ["80", "GB", "3", "(4)", "2", "1", "1", "A100-80GB,", "H100-80GB"]
    assert row(output, "24 GB")[2:9] == ["9", "(16)", "5", "(8)", "3", "(4)", "2"]
    assert row(output, "192 GB")[-1] == "MI300X"


def test_it_fits_a_screen_of_80_columns(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, output, _ = say("--readers", "20")
    assert max(len(line) for line in output.splitlines()) <= 80
    assert "…" not in output
    assert row(output, "active per token")[-1] == "12,879,925,248"


@pytest.mark.parametrize("name", ["A100-80GB", "a100 80gb", "80", "80GB", "80.0 gb"])
def test_one_gpu_is_named_or_given_by_its_memory(say: Say, name: str) -> None:
    needed = values(say, "--gpu", name, "--readers", "20")["gpus"]
    assert [gpu["memory_gb"] for gpu in needed] == [80]
    by_bits = {
        need["bits"]: (need["split_by_layers"], need["split_by_heads"]) for need in needed[0]["needed"]
    }
    assert by_bits == {32: (4, 4), 16: (3, 4), 8: (2, 2), 4: (2, 2)}


def test_one_gpu_shows_how_many_readers_there_is_room_for(say: Say) -> None:
    _, output, _ = say("--gpu", "A100-80GB", "--context", "4096")
    assert "Room for readers of 4,096 tokens" in output
    assert next(line.split() for line in output.splitlines() if line.startswith("4 bit")) == [
        "4",
        "bit",
        "1",
        "90",
    ]


def test_the_cache_grows_with_readers_and_tokens(say: Say) -> None:
    cache = values(say, "--readers", "20", "--context", "8192")["cache"]
    assert cache["bytes"] == 20 * 8192 * 128 * 1024


def test_json_has_the_same_numbers_in_bytes(say: Say) -> None:
    told = values(say)
    assert told["parameters"]["total"] == 46_702_792_704
    assert told["parameters"]["active_per_token"] == 12_879_925_248
    assert sum(part["parameters"] for part in told["parameters"]["parts"]) == 46_702_792_704
    assert [p["weights_bytes"] for p in told["precisions"]] == [
        186_811_170_816,
        93_405_585_408,
        46_702_792_704,
        23_351_396_352,
    ]
    assert told["precisions"][1]["bytes"] == 93_405_585_408 + 4 * 1024**3
    assert told["headroom_percent"] == 10
    memory = [gpu["memory_gb"] for gpu in told["gpus"]]
    assert (min(memory), max(memory)) == (24, 192)
    assert memory == sorted(memory)


def test_mixtrals_own_config_gives_what_is_built_in(say: Say, config: Callable[[object], str]) -> None:
    built_in, read = values(say), values(say, "--config", config(MIXTRAL))
    assert read.pop("model") != built_in.pop("model")
    assert read == built_in


def test_a_dense_model_has_no_experts(say: Say, config: Callable[[object], str]) -> None:
    _, output, _ = say("--config", config(DENSE))
    assert "7.2 billion parameters\n" in output
    assert "expert" not in output
    assert row(output, "all")[-1] == "7,241,732,096"


# Shapes and numbers as published. Qwen3's 48 layers have 2 norms of 128 each that aren't counted.
LLAMA_3_2_1B = DENSE | {
    "hidden_size": 2048,
    "intermediate_size": 8192,
    "num_hidden_layers": 16,
    "vocab_size": 128256,
    "head_dim": 64,
    "tie_word_embeddings": True,
}
MISTRAL_NEMO = DENSE | {"hidden_size": 5120, "num_hidden_layers": 40, "vocab_size": 131072, "head_dim": 128}
LLAMA_1_7B = {name: value for name, value in DENSE.items() if name != "num_key_value_heads"} | {
    "intermediate_size": 11008
}
QWEN3_30B_A3B = DENSE | {
    "hidden_size": 2048,
    "intermediate_size": 6144,
    "moe_intermediate_size": 768,
    "num_experts": 128,
    "num_experts_per_tok": 8,
    "num_hidden_layers": 48,
    "num_key_value_heads": 4,
    "head_dim": 128,
    "vocab_size": 151936,
    "decoder_sparse_step": 1,
    "mlp_only_layers": [],
    "shared_expert_intermediate_size": 0,
}


@pytest.mark.parametrize(
    ("fields", "total"),
    [
        (LLAMA_3_2_1B, 1_235_814_400),
        (MISTRAL_NEMO, 12_247_782_400),
        (LLAMA_1_7B, 6_738_415_616),
        (QWEN3_30B_A3B, 30_532_122_624 - 48 * 2 * 128),
        (DENSE | {"head_dim": None, "num_experts": 0}, 7_241_732_096),
    ],
)
def test_other_models_are_counted_by_their_fields(
    say: Say, config: Callable[[object], str], fields: dict[str, object], total: int
) -> None:
    assert values(say, "--config", config(fields))["parameters"]["total"] == total


def test_a_model_with_a_shorter_window_is_counted_by_it(say: Say, config: Callable[[object], str]) -> None:
    path = config(DENSE | {"max_position_embeddings": 8192})
    assert values(say, "--config", path)["cache"]["context_tokens"] == 8192
    _, output, _ = say("--config", path, "--context", "9000")
    assert "9,000 tokens are more than the model's window of 8,192." in output


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({}, "missing: hidden_size, intermediate_size, num_hidden_layers, num_attention_heads, vocab_size."),
        (DENSE | {"num_local_experts": 8}, "missing: num_experts_per_tok."),
        (DENSE | {"hidden_size": "4096"}, "hidden_size must be a whole number from 1 to 10,000,000."),
        (DENSE | {"hidden_size": 0}, "hidden_size must be a whole number"),
        (DENSE | {"vocab_size": True}, "vocab_size must be a whole number"),
        (DENSE | {"num_hidden_layers": 10**400}, "num_hidden_layers must be a whole number"),
        (DENSE | {"hidden_size": 4095}, "head_dim is missing, and 4095 is no multiple of 32 heads."),
        (MIXTRAL | {"num_experts_per_tok": 9}, "num_experts_per_tok is 9, but there are 8 experts."),
        (DENSE | {"n_routed_experts": 64, "kv_lora_rank": 512}, "kv_lora_rank, n_routed_experts say"),
        (MIXTRAL | {"num_shared_experts": 1}, "num_shared_experts says that this one is not"),
        (MIXTRAL | {"decoder_sparse_step": 2}, "decoder_sparse_step says that this one is not"),
        (DENSE | {"is_encoder_decoder": True}, "is_encoder_decoder says that this one is not"),
        ({"text_config": DENSE}, "text_config says that this one is not"),
        (DENSE | {"hidden_act": "gelu"}, "hidden_act would be silu"),
        ([], "is JSON, but not an object"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_a_config_that_cannot_be_counted_says_why(
    say: Say, config: Callable[[object], str], fields: object, complaint: str
) -> None:
    path = config(fields)
    code, output, errors = say("--config", path)
    assert (code, output) == (2, "")
    assert path in errors
    assert complaint in errors


def test_a_config_that_is_no_text_is_not_json(say: Say, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"\xff\xfe\x00")
    assert say("--config", str(tmp_path / "model.safetensors"))[::2] == (
        2,
        f"--config: {tmp_path}/model.safetensors is not JSON.\n",
    )


def test_a_missing_file_and_a_folder_are_named(say: Say, tmp_path: Path) -> None:
    missing = tmp_path / "none.json"
    assert say("--config", str(missing)) == (2, "", f"--config: there is no file {missing}.\n")
    assert say("--config", str(tmp_path)) == (
        2,
        "",
        f"--config: {tmp_path} is a folder: name the config.json in it.\n",
    )


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("A100", "Did you mean A100-40GB or A100-80GB? Or give its memory in GB: --gpu 48."),
        ("MI300", "Did you mean MI300X?"),
        ("RTX-4080", "Did you mean RTX-4090"),
        ("toaster", "These are known: L4, A10G,"),
        ("", "These are known: L4, A10G,"),
        ("0", "--gpu is its memory in GB, from 1 to 1000: 0 is not."),
        ("81920", "--gpu is its memory in GB, from 1 to 1000: 81920 is not."),
        ("-80", "no GPU here is named '-80'"),
    ],
)
def test_an_unknown_gpu_is_answered_with_the_nearest(say: Say, name: str, complaint: str) -> None:
    code, output, errors = say(f"--gpu={name}")
    assert (code, output) == (2, "")
    assert complaint in errors


@pytest.mark.parametrize("option", ["--readers", "--context"])
@pytest.mark.parametrize("number", ["0", "-1", "many", "9" * 400])
def test_readers_and_tokens_are_whole_numbers_above_0(say: Say, option: str, number: str) -> None:
    code, output, errors = say(f"{option}={number}")
    assert (code, output) == (2, "")
    assert f"Invalid value for '{option}'" in errors
