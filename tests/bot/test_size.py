"""What a model needs, in parameters and bytes."""

from dataclasses import replace

import pytest

from adapters.operator.sizing.architecture import GB, MIXTRAL, Architecture, split

WINDOW = 32768

MISTRAL_7B = replace(MIXTRAL, experts=1, experts_per_token=1)
LLAMA_3_1_8B = replace(MISTRAL_7B, vocabulary=128256)
LLAMA_3_1_70B = replace(LLAMA_3_1_8B, layers=80, hidden=8192, feed_forward=28672, attention_heads=64)
LLAMA_3_2_1B = replace(LLAMA_3_1_8B, layers=16, hidden=2048, feed_forward=8192, head_dim=64, tied=True)
MISTRAL_NEMO = replace(MISTRAL_7B, layers=40, hidden=5120, vocabulary=131072)
MIXTRAL_8X22B = replace(MIXTRAL, layers=56, hidden=6144, feed_forward=16384, attention_heads=48, window=65536)


def test_mixtral_has_as_many_parameters_as_its_weight_files() -> None:
    assert MIXTRAL.parameters == 46_702_792_704
    assert MIXTRAL.active == 12_879_925_248


@pytest.mark.parametrize(
    ("model", "published"),
    [
        (MISTRAL_7B, 7_241_732_096),
        (LLAMA_3_1_8B, 8_030_261_248),
        (LLAMA_3_1_70B, 70_553_706_496),
        (LLAMA_3_2_1B, 1_235_814_400),
        (MISTRAL_NEMO, 12_247_782_400),
        (MIXTRAL_8X22B, 140_620_634_112),
    ],
)
def test_other_models_have_the_published_number(model: Architecture, published: int) -> None:
    assert model.parameters == published


def test_a_token_goes_through_two_of_the_experts_and_through_all_of_a_dense_model() -> None:
    assert MIXTRAL_8X22B.active == 39_152_031_744
    assert LLAMA_3_1_8B.active == LLAMA_3_1_8B.parameters


def test_mixtral_is_eight_mistrals_that_share_all_but_their_experts() -> None:
    routers = 32 * 4096 * 8
    assert MIXTRAL.parameters == 8 * MISTRAL_7B.parameters - 7 * MISTRAL_7B.shared + routers


@pytest.mark.parametrize("model", [MIXTRAL, LLAMA_3_1_70B, LLAMA_3_2_1B])
def test_the_formulas_give_the_numbers(model: Architecture) -> None:
    for part in model.parts:
        assert worked_out(part.formula) == part.parameters
    assert worked_out(model.active_formula, everything=model.parameters) == model.active
    assert worked_out(model.cache_formula) == model.cache_per_token


def worked_out(formula: str, everything: int = 0) -> int:
    for word in (" (key and value)", " key-value heads", " layers", " dimensions", " bytes", ","):
        formula = formula.replace(word, "")
    value = eval(formula.replace("×", "*"), {"all": everything})
    assert isinstance(value, int)
    return value


@pytest.mark.parametrize(
    ("bits", "gigabytes"), [(32, 186.811170816), (16, 93.405585408), (8, 46.702792704), (4, 23.351396352)]
)
def test_weights_take_their_bits(bits: int, gigabytes: float) -> None:
    assert MIXTRAL.weights(bits) / GB == gigabytes


def test_half_a_byte_is_rounded_up() -> None:
    odd = Architecture(
        layers=1, hidden=1, feed_forward=1, attention_heads=1, key_value_heads=1, head_dim=1, vocabulary=1
    )
    assert (odd.parameters, odd.weights(4)) == (12, 6)
    assert (replace(odd, tied=True).parameters, replace(odd, tied=True).weights(4)) == (11, 6)


def test_the_cache_takes_128_kib_a_token_and_4_gib_a_window() -> None:
    assert MIXTRAL.cache_per_token == 128 * 1024
    assert MIXTRAL.cache_per_token * WINDOW == 4 * 1024**3


def gpus(
    bits: int, gigabytes: float, readers: int = 1, model: Architecture = MIXTRAL
) -> tuple[int, int | None]:
    need = split(model, bits=bits, readers=readers, context=WINDOW, memory=int(gigabytes * GB))
    return need.by_layers, need.by_heads


def test_mixtral_in_16_bit_needs_two_gpus_of_80_gb_or_one_of_141() -> None:
    assert gpus(16, 80) == (2, 2)
    assert gpus(16, 141) == (1, 1)


def test_a_tenth_of_a_gpu_is_left_free() -> None:
    whole = (MIXTRAL.weights(16) + MIXTRAL.cache_per_token * WINDOW) / GB
    assert gpus(16, whole) == (2, 2)
    assert gpus(16, whole / 0.9 + 0.001) == (1, 1)


def test_a_split_of_every_layer_takes_a_number_that_divides_the_heads() -> None:
    assert gpus(8, 24) == (3, 4)
    assert gpus(4, 20, model=replace(MIXTRAL, attention_heads=24, key_value_heads=6)) == (2, 2)
    assert gpus(8, 24, model=replace(MIXTRAL, attention_heads=24, key_value_heads=6)) == (3, 3)


def test_beyond_the_key_value_heads_the_cache_is_kept_more_than_once() -> None:
    # 16 GPUs hold 8 key-value heads twice: 10 readers' 43 GB become 86 beside 187 of weights.
    assert gpus(32, 18, readers=1) == (12, 16)
    assert 16 * 18 * 0.9 < 186.8 + 2 * 42.9
    assert gpus(32, 18, readers=10) == (15, 32)


def test_where_no_split_of_the_heads_holds_the_model_there_is_none() -> None:
    assert gpus(32, 18, readers=1000) == (277, None)


def test_more_readers_need_more_gpus() -> None:
    assert gpus(4, 80, readers=1) == (1, 1)
    assert gpus(4, 80, readers=20) == (2, 2)


def test_there_is_room_for_as_many_readers_as_it_says_and_for_no_more() -> None:
    need = split(MIXTRAL, bits=4, readers=1, context=WINDOW, memory=80 * GB)
    assert need.readers == 11
    assert gpus(4, 80, readers=11) == (1, 1)
    assert gpus(4, 80, readers=12) == (2, 2)
