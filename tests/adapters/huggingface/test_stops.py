"""An answer ends at its first stop, however the pieces fall."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.models.huggingface.stops import StopCut

STOPS = ("</s>", "[INST]")
PIECES = st.lists(st.sampled_from(["a", " ", "[", "[IN", "ST]", "[INST]", "<", "</", "</s", "s>", "]"]))


@given(pieces=PIECES)
def test_what_is_shown_is_the_text_before_the_first_stop(pieces: list[str]) -> None:
    cut = StopCut(STOPS)
    shown = "".join(cut.text_before_stop(piece) for piece in pieces) + cut.rest()
    text = "".join(pieces)
    ends = [text.index(stop) for stop in STOPS if stop in text]
    assert shown == text[: min(ends, default=len(text))]
    assert cut.reached == bool(ends)


@given(pieces=PIECES)
def test_only_what_may_become_a_stop_waits(pieces: list[str]) -> None:
    cut = StopCut(STOPS)
    shown = "".join(cut.text_before_stop(piece) for piece in pieces)
    waits = cut.rest()
    assert waits == "" or any(stop.startswith(waits) for stop in STOPS)
    assert cut.reached or shown + waits == "".join(pieces)
