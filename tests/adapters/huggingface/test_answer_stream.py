"""The machines between a server's events and an answer: reasoning, seams, pieces, reasons."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.models.huggingface.answer_stream import AnswerStream
from adapters.models.huggingface.failures import Failure, meaning
from adapters.models.huggingface.pieces import Piece, chat_piece, text_piece
from adapters.models.huggingface.reason import reason
from adapters.models.huggingface.seam import Seam
from adapters.models.huggingface.thoughts import ThoughtCut
from bot.conversation.generation import (
    Finished,
    FinishReason,
    StartsOver,
    StreamEvent,
    TakesBack,
    TextDelta,
    Thinking,
)
from bot.errors import ModelGaveUp, ModelRefused, StreamBroke, UnknownModel

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["choices", "index", "delta", "content", "reasoning", "finish_reason", "text", "type"]
            )
            | st.sampled_from(
                ["token", "special", "details", "error", "object", "thinking", "code", "message"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def passed_on(pieces: Sequence[Piece], beginning: str = "", *, in_words: bool = False) -> list[StreamEvent]:
    answer = AnswerStream(Seam(beginning, in_words=in_words), ("</s>",), sent="")
    return [event for piece in pieces for event in answer.add(piece)]


def text_of(events: Sequence[StreamEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def in_pieces(text: str, size: int) -> list[Piece]:
    return [Piece(text=text[at : at + size]) for at in range(0, len(text), size)] + [Piece(finish="stop")]


@given(event=st.dictionaries(st.sampled_from(["choices", "token", "details", "error", "object"]), JSON))
def test_any_event_is_a_piece(event: dict[str, object]) -> None:
    for piece in (chat_piece(event), text_piece(event)):
        answer = AnswerStream(Seam("", in_words=False), ("</s>",), sent="")
        list(answer.add(piece))
        assert answer.over == bool(piece.finish or piece.failure)


@pytest.mark.parametrize(
    ("choice", "piece"),
    [
        ({"delta": {"role": "assistant"}}, Piece()),
        ({"delta": None, "finish_reason": "stop"}, Piece(finish="stop")),
        ({"delta": {"content": None, "reasoning": "hm"}}, Piece(reasoning="hm")),
        ({"delta": {"reasoning_content": "hm", "reasoning": "hm"}}, Piece(reasoning="hm")),
        (
            {"delta": {"content": [{"type": "text", "text": "a"}, {"type": "image_url"}, "b"]}},
            Piece(text="ab"),
        ),
        (
            {"delta": {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]}},
            Piece(reasoning="hm"),
        ),
        ({"index": 1, "delta": {"content": "another answer"}}, Piece()),
        (
            {"message": {"role": "assistant", "content": "All."}, "finish_reason": "stop"},
            Piece(text="All.", finish="stop"),
        ),
    ],
)
def test_an_odd_choice_is_read_as_what_it_is(choice: dict[str, object], piece: Piece) -> None:
    assert chat_piece({"choices": [choice]}) == piece


@pytest.mark.parametrize("event", [{"choices": []}, {"choices": None}, {"usage": {"total_tokens": 3}}, {}])
def test_an_event_without_a_choice_is_nothing(event: dict[str, object]) -> None:
    assert chat_piece(event) == Piece()


def test_what_comes_behind_a_finish_changes_nothing() -> None:
    answer = AnswerStream(Seam("", in_words=False), (), sent="")
    after = [Piece(text="more"), Piece(failure={"message": "overloaded"}), Piece(finish="abort")]
    events = [event for piece in [*in_pieces("Yes.", 4), *after] for event in answer.add(piece)]
    assert text_of(events) == "Yes."
    assert answer.end() == Finished(reason=FinishReason.END)


@pytest.mark.parametrize(
    ("finish", "error"), [("abort", ModelGaveUp), ("what?!", ModelGaveUp), ("", StreamBroke)]
)
def test_an_ending_that_nobody_knows_is_none(finish: str, error: type[Exception]) -> None:
    answer = AnswerStream(Seam("", in_words=False), (), sent="")
    assert text_of(list(answer.add(Piece(text="Yes", finish=finish)))) == "Yes"
    with pytest.raises(error):
        answer.end()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@pytest.mark.parametrize(
    ("text", "shown", "thought"),
    [
        ("<think>Let me see.</think>\n\nBlue.", "Blue.", 11),
        ("<think></think>Blue.", "Blue.", 0),
        ("\n <think>or not</think>\n<think>so</think>Blue.\n<think>Hm.</think>Sky.", "Blue.\nSky.", 11),
        ("Blue <think>or not</think>is it.", "Blue <think>or not</think>is it.", 0),
        ("Use the <think> tag, then close </think> it.", "Use the <think> tag, then close </think> it.", 0),
        ("It closes with </think> and `</think>`.", "It closes with </think> and `</think>`.", 0),
        ("It is called </think>", "It is called </think>", 0),
        ('Write `</think>\n` or "</think>".', 'Write `</think>\n` or "</think>".', 0),
        ("DeepSeek emits a `<think>` tag: then", "DeepSeek emits a `<think>` tag: then", 0),
        ("A tick ` alone\n<think>secret</think>Yes", "A tick ` alone\nYes", 6),
        ("````\n```\n<think>\n```\n</think>\n````", "````\n```\n<think>\n```\n</think>\n````", 0),
        ("<think>and then the limit", "", 18),
        ("Write `<think>` and `</think>`.", "Write `<think>` and `</think>`.", 0),
        ("```xml\n<think>a</think>\n```", "```xml\n<think>a</think>\n```", 0),
        ("1 < 2 <thin", "1 < 2 <thin", 0),
    ],
)
def test_reasoning_in_the_text_is_not_shown(text: str, shown: str, thought: int, size: int) -> None:
    events = passed_on(in_pieces(text, size))
    assert text_of(events) == shown
    assert sum(event.characters for event in events if isinstance(event, Thinking)) == thought


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@pytest.mark.parametrize(
    ("text", "shown", "thought"),
    [
        ("secret thoughts</think>Visible.", "Visible.", 15),
        ("Let me see.\n</think>\n\nBlue.", "Blue.", 12),
        ("So I say it. </think>\nBlue.", "Blue.", 13),
        ("```\na\n```\nhm</think>Blue <think>is</think> it.", "Blue <think>is</think> it.", 12),
        ("</think>Blue.", "Blue.", 0),
    ],
)
def test_what_stands_before_an_end_of_reasoning_is_taken_back(
    text: str, shown: str, thought: int, size: int
) -> None:
    events = passed_on(in_pieces(text, size))
    begins = events.index(TakesBack()) if TakesBack() in events else 0
    assert text_of(events[begins:]) == shown
    assert sum(event.characters for event in events if isinstance(event, Thinking)) == thought


def test_a_continued_answer_is_taken_back_too_when_its_reasoning_ends() -> None:
    events = passed_on(in_pieces("</think>Blue.", 3), "Let me see.")
    assert TakesBack() in events
    assert text_of(events) == "Blue."


@pytest.mark.parametrize(
    ("text", "shown", "thought", "learnt"),
    [
        ("Let me see.</think>\n\nBlue.", "Blue.", 11, True),
        ("A <think> is closed by </think> Blue.", "Blue.", 23, True),
        ("The sky is <b>.", "The sky is <b>.", 0, False),
        ("Blue</thi", "Blue</thi", 0, False),
        (" <think>and then the limit", "", 26, False),
    ],
)
@pytest.mark.parametrize("size", [1, 5, 100])
def test_what_is_known_to_begin_within_reasoning_is_shown_behind_its_end_or_at_the_answers(
    text: str, shown: str, thought: int, learnt: bool, size: int
) -> None:
    answer = AnswerStream(Seam("", in_words=False), (), sent="", within=True)
    *pieces, end = in_pieces(text, size)
    before = [event for piece in pieces for event in answer.add(piece)]
    events = [*before, *answer.add(end)]
    assert text_of(events) == shown
    assert learnt or text_of(before) == ""
    assert sum(event.characters for event in events if isinstance(event, Thinking)) == thought
    assert answer.begins_within is learnt


MARKS = ["a", " ", "\n", '"', "`", "```", "<", "<thi", "nk>", "</", "think>", "<think>", "</think>"]


@given(pieces=st.lists(st.sampled_from(MARKS)), within=st.booleans())
def test_reasoning_is_the_same_however_its_pieces_fall(pieces: list[str], within: bool) -> None:
    def read(parts: list[str]) -> tuple[str, int, bool]:
        cut = ThoughtCut(within=within)
        shown, thought = "", 0
        for piece in [*(cut.add(part) for part in parts), cut.rest()]:
            shown = piece.text if piece.takes_back else shown + piece.text
            thought += piece.thought
        return shown, thought, cut.ended_alone

    assert read(pieces) == read(["".join(pieces)])


LONG = "The sky is blue because of Rayleigh scattering"


@pytest.mark.parametrize("size", [1, 5, 100])
@pytest.mark.parametrize(
    ("beginning", "comes", "follows"),
    [
        ("cent these", "found even", " found even"),
        ("cent these", " found even", " found even"),
        ("cent these", ", found", ", found"),
        ("(", "found", "found"),
        ("cent these", "cent these found even", " found even"),
        ("天は", "青い", "青い"),
        (LONG, f"{LONG}, which is stronger", ", which is stronger"),
        (LONG, f" {LONG}, which is stronger", ", which is stronger"),
        (LONG, LONG[:30], ""),
        ("ha", " ha ha", " ha ha"),
    ],
)
def test_two_halves_are_one_text(beginning: str, comes: str, follows: str, size: int) -> None:
    events = passed_on(in_pieces(comes, size), beginning, in_words=True)
    assert text_of(events) == follows
    assert StartsOver() not in events


def test_a_server_that_goes_on_by_itself_brings_the_blank() -> None:
    assert text_of(passed_on(in_pieces("tering", 3), "scat")) == "tering"


def test_a_text_that_begins_alike_and_then_differs_is_another_one() -> None:
    other = "The sky is blue because air scatters light."
    events = passed_on(in_pieces(other, 4), LONG)
    assert next(event for event in events if not isinstance(event, Thinking)) == StartsOver()
    assert text_of(events) == other


def test_while_a_beginning_is_said_again_there_are_signs_of_life() -> None:
    events = passed_on(in_pieces(LONG, 5)[:3], LONG)
    assert events == [Thinking()] * 3


@pytest.mark.parametrize(
    "words",
    [
        "Invalid model name passed in model=mixtral. Call `/v1/models`",
        "The model `mixtral` does not exist.",
        "model 'mixtral' not found, try pulling it first",
        "mixtral is not a valid model ID",
        "Unknown model: mixtral",
        "There are no healthy deployments for this model",
        "The requested model 'mixtral' is not supported by any provider you have enabled.",
    ],
)
def test_the_usual_wordings_of_a_model_that_is_not_there(words: str) -> None:
    assert isinstance(meaning(Failure(status=400, body={"error": {"message": words}}), ""), UnknownModel)


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": 'Failed to parse: {"content": "my Secret is hunter2"} at role'}},
        {"detail": [{"loc": ["body", "seed"], "msg": "bad hunter2", "input": {"content": "my secret"}}]},
        "my secret is hunter2: bad",
        {"message": "caf\\u00e9 hunter2"},
    ],
)
def test_the_servers_reason_is_logged_without_what_people_wrote(body: object) -> None:
    error = meaning(Failure(status=422, body=body), "Ada: my secret is hunter2 in the caf\\u00e9")
    assert isinstance(error, ModelRefused)
    assert not [word for word in ("secret", "hunter2", "caf") if word in str(error).lower()]


def test_the_servers_own_words_stay() -> None:
    body = {"error": {"message": "Conversation roles must alternate user/assistant"}}
    assert (
        reason(body, "Which roles must I play, user?") == "Conversation roles must alternate user/assistant"
    )
