"""Mixtral's tokenizer: its counts are the oracle's, and it keeps numbers, not texts."""

import importlib.util
import subprocess
import sys
import tracemalloc
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from mistral_common.tokens.tokenizers.mistral import MistralTokenizer

from adapters.models.tokenizer import VOCABULARY, MixtralTokenizer

ORACLE = MistralTokenizer.v1().instruct_tokenizer.tokenizer
TOKENIZER = MixtralTokenizer()
TEXTS = st.text(max_size=60) | st.lists(
    st.sampled_from(["hello", " ", "  ", "\n", "é", "👨‍👩‍👧", "的", "\u2581", "</s>", "\0", "\t"]),
    max_size=20,
).map("".join)


def test_the_vocabulary_is_mistral_commons_own() -> None:
    package = importlib.util.find_spec("mistral_common")
    assert package is not None
    assert package.origin is not None
    theirs = Path(package.origin).with_name("data") / "tokenizer.model.v1"
    assert VOCABULARY.read_bytes() == theirs.read_bytes()


@given(TEXTS)
def test_a_text_counts_as_many_tokens_as_the_oracle_makes_of_it(text: str) -> None:
    assert TOKENIZER.count(text) == len(ORACLE.encode(text, bos=False, eos=False))


@given(TEXTS, st.integers(min_value=0, max_value=40))
def test_a_head_begins_the_text_and_fits(text: str, tokens: int) -> None:
    head = TOKENIZER.head(text, tokens)
    assert text.startswith(head)
    assert TOKENIZER.count(head) <= tokens
    if TOKENIZER.count(text) <= tokens:
        assert head == text


def test_a_head_is_as_long_as_the_tokens_allow() -> None:
    text = "The quick brown fox jumps over the lazy dog. " * 20
    for tokens in range(1, TOKENIZER.count(text)):
        assert TOKENIZER.count(TOKENIZER.head(text, tokens)) == tokens


def test_a_character_of_several_tokens_is_never_halved() -> None:
    assert TOKENIZER.head("👨👩", 4) == ""
    assert TOKENIZER.head("👨👩", 5) == "👨"


def test_half_a_surrogate_pair_is_counted_and_does_not_raise() -> None:
    assert TOKENIZER.count("a \ud83d b") > 0
    assert TOKENIZER.head("a \ud83d b " * 9, 5).startswith("a \ud83d")


def test_long_texts_are_not_kept() -> None:
    tokenizer = MixtralTokenizer(remembered=50)
    tokenizer.count("warm")
    tracemalloc.start()
    for number in range(100):
        tokenizer.count(f"{number} {'word ' * 4000}")
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 100_000


def test_counting_needs_none_of_the_oracles_packages() -> None:
    program = (
        "import sys, adapters.models.tokenizer as t; t.MixtralTokenizer().count('x'); print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"mistral_common", "numpy", "PIL"} & set(loaded.stdout.split())
