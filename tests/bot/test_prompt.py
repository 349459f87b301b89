"""The prompt: the ids that the model was trained on, nobody's control tokens, and a budget that holds."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from mistral_common.protocol.instruct.messages import AssistantMessage, SystemMessage, UserMessage
from mistral_common.protocol.instruct.request import ChatCompletionRequest
from mistral_common.tokens.tokenizers.mistral import MistralTokenizer
from sentencepiece import SentencePieceProcessor

from adapters.models.tokenizer import VOCABULARY, MixtralTokenizer
from bot.answering.prompt import build_prompt, inert
from bot.conversation.generation import ChatMessage, Prompt
from bot.conversation.settings import GenerationSettings
from bot.conversation.turns import Turn
from bot.errors import ContextTooLong
from tests.fakes.messages import turn as turn_of

ORACLE = MistralTokenizer.v1()
SERVER = SentencePieceProcessor(model_file=str(VOCABULARY))
TOKENIZER = MixtralTokenizer()
BOS, EOS = 1, 2
CONTROL = ("<s>", "</s>", "<unk>", "[INST]", "[/INST]")


def turn(question: str, answer: str = "", *, author: str = "Ada") -> Turn:
    return turn_of(question, answer, author=author)


def prompt_of(
    turns: Sequence[Turn],
    question: str,
    *,
    system: str = "",
    author: str = "Ada",
    context: int = 32_768,
    answer: int = 256,
    named: bool = False,
) -> Prompt:
    return build_prompt(
        turns,
        question,
        author,
        GenerationSettings(system_prompt=system, max_new_tokens=answer),
        tokenizer=TOKENIZER,
        context_tokens=context,
        name_speakers=named,
    )


def served(text: str) -> list[int]:
    """What a server makes of a text prompt: its BOS, and a real EOS for each `</s>`."""
    ids: list[int] = [BOS]
    for number, part in enumerate(text.split("</s>")):
        ids += [*([EOS] if number else []), *SERVER.encode(part, out_type=int)]
    return ids


def trained_on(messages: Sequence[ChatMessage]) -> list[int]:
    """What mistral-common makes of chat messages."""
    said = [
        UserMessage(content=each.content) if each.role == "user" else AssistantMessage(content=each.content)
        for each in messages
    ]
    ids: list[int] = ORACLE.encode_chat_completion(ChatCompletionRequest(messages=said)).tokens
    return ids


CONVERSATIONS: list[tuple[str, list[tuple[str, str]], str]] = [
    ("", [], "Why is the sky blue?"),
    ("Answer in one word.", [], "Why is the sky blue?"),
    ("", [("Hi", "Hello!"), ("Who?", "Mixtral.")], "And now?"),
    ("Be brief.", [("Hi", "Hello!"), ("Who?", "Mixtral.")], "And now?"),
    ("", [("Nobody answers", ""), ("me", "")], "Hello?"),
    ("Be brief.", [("first", ""), ("second", "both"), ("third", "")], "fourth"),
    ("Zeilen\n\nund mehr", [("```py\n  x = 1\n```", "1. Grüße\n2. 你好 🙂👨‍👩‍👧")], "    indented?"),
    ("", [("a\tb\r\nc", "-\n-\n\n\n-")], "0 < 1 > 0 [x] </ s>"),
]


@pytest.mark.parametrize(("system", "turns", "question"), CONVERSATIONS)
def test_a_conversation_becomes_the_ids_that_the_model_was_trained_on(
    system: str, turns: list[tuple[str, str]], question: str
) -> None:
    said: list[SystemMessage | UserMessage | AssistantMessage] = [SystemMessage(content=system)] * bool(
        system
    )
    for asked, answered in turns:
        said.append(UserMessage(content=asked))
        if answered:
            said.append(AssistantMessage(content=answered))
    said.append(UserMessage(content=question.strip()))
    expected = ORACLE.encode_chat_completion(ChatCompletionRequest(messages=said)).tokens
    prompt = prompt_of([turn(*each) for each in turns], question, system=system)
    assert served(prompt.text) == expected
    assert trained_on(prompt.messages) == expected
    assert prompt.tokens == len(expected)


def test_the_text_is_the_one_of_the_models_card() -> None:
    prompt = prompt_of([turn("Q1", "A1"), turn("Q2", "A2")], "Q3")
    assert prompt.text == "[INST] Q1 [/INST] A1</s>[INST] Q2 [/INST] A2</s>[INST] Q3 [/INST]"


SNIPPETS = [
    *CONTROL,
    "<",
    "/s>",
    "[",
    "/INST]",
    "INST",
    "\u2581",
    " ",
    "\n",
    "\n\n",
    "é",
    "🙂",
    "\0",
    "\ud83d",
    ":",
]
TYPED = st.lists(st.sampled_from([*SNIPPETS, "word", "ing", "-", "1"]), max_size=10).map("".join) | st.text(
    max_size=20
)
TURNS = st.lists(st.builds(turn, TYPED, TYPED, author=TYPED), max_size=5)


@given(
    turns=TURNS,
    question=TYPED,
    author=TYPED,
    system=TYPED,
    named=st.booleans(),
    budget=st.sampled_from([40, 80, 1000]),
)
def test_any_conversation_is_what_the_oracle_makes_of_it_within_the_budget(
    turns: list[Turn], question: str, author: str, system: str, *, named: bool, budget: int
) -> None:
    assume(inert(question))
    try:
        prompt = prompt_of(
            turns, question, system=system, author=author, named=named, context=budget + 9, answer=9
        )
    except ContextTooLong:
        assert budget < 1000
        return
    ids = served(prompt.text)
    assert prompt.tokens == len(ids) <= budget
    assert trained_on(prompt.messages) == ids
    roles = [message.role for message in prompt.messages]
    assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"]
    if prompt.left_out_turns and not prompt.left_out_tokens:
        fuller = prompt_of(
            turns[prompt.left_out_turns - 1 :], question, system=system, author=author, named=named
        )
        assert fuller.tokens > budget or not inert(turns[prompt.left_out_turns - 1].question)


@given(TYPED)
def test_nothing_that_anybody_types_holds_a_control_string(typed: str) -> None:
    prompt = prompt_of(
        [turn(f"q{typed}", f"a{typed}", author=f"n{typed}")], f"x{typed}", system=f"s{typed}", named=True
    )
    for message in prompt.messages:
        assert not any(control in message.content for control in CONTROL)
    assert re.findall("|".join(map(re.escape, CONTROL)), prompt.text) == [
        *("[INST]", "[/INST]", "</s>", "[INST]", "[/INST]")
    ]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("</s>", "</ s>"),
        ("<s>", "< s>"),
        ("<unk>", "< unk>"),
        ("[INST]", "[ INST]"),
        ("[/INST]", "[ /INST]"),
        ("<</s>/s>", "<</ s>/s>"),
        ("[IN[INST]ST]", "[IN[ INST]ST]"),
        ("<s></s>", "< s></ s>"),
        ("if a <s: b[INST", "if a <s: b[INST"),
    ],
)
def test_control_strings_are_taken_apart_and_everything_else_stays(typed: str, read: str) -> None:
    assert inert(typed) == read


def test_in_a_group_the_model_reads_who_speaks() -> None:
    prompt = prompt_of(
        [turn("Tea?", author="Bob"), turn("Coffee!", "Both.", author="Eve")],
        "Milk?",
        author="Ada",
        named=True,
    )
    assert [message.content for message in prompt.messages] == [
        "Bob: Tea?\n\nEve: Coffee!",
        "Both.",
        "Ada: Milk?",
    ]


def test_a_name_can_not_pass_for_the_message_of_somebody_else() -> None:
    prompt = prompt_of([], "hello", author="Bob: hi\n\nAda", named=True)
    assert prompt.messages[0].content == "Bob: hi Ada: hello"


def test_the_oldest_exchanges_are_left_out_first_and_counted() -> None:
    turns = [turn(f"question {number}", f"answer {number}") for number in range(50)]
    prompt = prompt_of(turns, "newest", system="Be brief.", context=200, answer=20)
    assert 180 - 20 < prompt.tokens <= 180
    assert prompt.left_out_tokens == 0
    first = prompt.left_out_turns
    assert 0 < first < 50
    assert prompt.messages[0].content == f"Be brief.\n\nquestion {first}"
    assert prompt.messages[-1].content == "newest"
    assert len(prompt.messages) == 2 * (50 - first) + 1


def test_of_unanswered_questions_only_as_many_are_left_out_as_must_be() -> None:
    turns = [turn(f"question number {number}") for number in range(50)]
    prompt = prompt_of(turns, "newest", context=120, answer=20)
    (message,) = prompt.messages
    assert message.content.startswith(f"question number {prompt.left_out_turns}\n\n")
    assert message.content.endswith("\n\nquestion number 49\n\nnewest")
    assert 100 - 8 < prompt.tokens <= 100


@pytest.mark.parametrize("system", ["", "Be brief."])
def test_a_question_that_does_not_fit_keeps_its_beginning_and_says_what_is_missing(system: str) -> None:
    question = " ".join(f"word{number}" for number in range(10_000))
    whole = prompt_of([], question, system=system, context=100_000).tokens
    prompt = prompt_of([turn("old", "older")], question, system=system, context=1000, answer=100)
    content = prompt.messages[0].content.removeprefix(system).lstrip()
    assert question.startswith(content)
    assert 900 - 3 <= prompt.tokens <= 900
    assert prompt.tokens == len(served(prompt.text))
    assert prompt.left_out_tokens == whole - prompt.tokens
    assert prompt.left_out_turns == 1
    assert len(prompt.messages) == 1


def test_a_paste_of_a_hundred_thousand_letters_without_a_space_is_cut_honestly() -> None:
    prompt = prompt_of([], "x" * 100_000)
    assert prompt.tokens <= 32_768 - 256
    assert prompt.left_out_tokens > 10_000


@pytest.mark.parametrize("context", [10, 60, 120])
def test_a_system_prompt_that_leaves_no_room_is_an_error_and_is_never_cut(context: int) -> None:
    with pytest.raises(ContextTooLong):
        prompt_of([], "hi", system="word " * 200, context=context, answer=50)


def test_a_question_of_nothing_still_makes_a_prompt_of_the_right_size() -> None:
    for turns in ([], [turn("a", "b")], [turn("a")]):
        for system in ("", "Be brief."):
            prompt = prompt_of(turns, " ", system=system)
            assert prompt.tokens == len(served(prompt.text))


class Counting:
    """A tokenizer that knows how many letters it was asked to count."""

    def __init__(self) -> None:
        self.letters = 0

    def count(self, text: str) -> int:
        self.letters += len(text)
        return TOKENIZER.count(text)

    def head(self, text: str, tokens: int) -> str:
        return TOKENIZER.head(text, tokens)


def test_what_is_far_too_old_to_fit_is_not_even_counted() -> None:
    tokenizer = Counting()
    prompt = build_prompt(
        [turn(f"question {number}", f"answer {number}") for number in range(5000)],
        "newest",
        "Ada",
        GenerationSettings(max_new_tokens=20),
        tokenizer=tokenizer,
        context_tokens=220,
        name_speakers=False,
    )
    assert prompt.left_out_turns > 4900
    assert tokenizer.letters < 2 * len(prompt.text)
