"""The exact prompt that Mixtral-8x7B-Instruct was trained on, cut to its window. Pure.

`Prompt.text` is what a server tokenises: it adds the BOS in front, takes each `</s>` for the EOS, and encodes
the texts between them one by one. The ids that come out equal those of mistral-common's v1 tokenizer for
`Prompt.messages`, BOS included: there each `[INST] question [/INST]` and each answer is encoded on its own,
here a question and the answer after it together. That makes no difference, because no token of the
vocabulary holds a space after a letter and no answer begins or ends with white space.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.generation import ChatMessage, Prompt
from bot.conversation.settings import GenerationSettings
from bot.conversation.turns import Turn
from bot.conversation.wellformed import well_formed
from bot.errors import ContextTooLong
from bot.ports import Tokenizer

BOS = 1
EOS = 1
"""What each of them costs, in tokens."""

_PROBE = "-"
_GAP = "\n\n"

_CONTROL = {
    "<s>": "< s>",
    "</s>": "</ s>",
    "<unk>": "< unk>",
    "[INST]": "[ INST]",
    "[/INST]": "[ /INST]",
}
"""What a server takes for a control token, and how it is read as the text that it is. None is a part of
another, and one by one they are replaced twenty times as fast as by a pattern."""


def build_prompt(
    turns: Sequence[Turn],
    question: str,
    author: str,
    settings: GenerationSettings,
    *,
    tokenizer: Tokenizer,
    context_tokens: int,
    name_speakers: bool,
    beginning: str = "",
) -> Prompt:
    """The conversation and its newest question, at most `context_tokens - settings.max_new_tokens` tokens.

    `turns` come oldest first. With `name_speakers` each question says whose it is. The system prompt stands
    in front of the first question that is kept; questions without an answer between them are one message.
    `beginning`: what the model has answered already, and goes on from. The oldest exchanges are left out
    first, then the end of the newest question; both are counted in the result.

    Raises `ContextTooLong` when not even the system prompt and the first token of the question fit.
    """
    costs = _Costs(tokenizer, inert(settings.system_prompt))
    beginning = harmless(beginning)
    begun = tokenizer.count(beginning) if beginning else 0
    budget = context_tokens - settings.max_new_tokens - begun
    newest = _Exchange(question=_speaker_line(question, author, named=name_speakers))
    if costs.opening(newest.question) > budget:
        head = _head(newest.question, costs, budget)
        left_out = costs.opening(newest.question) - costs.opening(head)
        return _prompt(
            [_Exchange(question=head)],
            costs,
            beginning=beginning,
            tokens=costs.opening(head) + begun,
            left_out_turns=len(turns),
            left_out_tokens=max(left_out, 1),
        )
    kept = [newest]  # newest first
    after = [0]  # what everything behind the question of `kept[i]` costs
    behind = [len(turns)]  # which turn `kept[i]` is
    for index in range(len(turns) - 1, -1, -1):
        turn = turns[index]
        said = _speaker_line(turn.told, turn.author, named=name_speakers)
        if not said:
            continue
        exchange = _Exchange(question=said, answer=inert(turn.answer))
        newer = kept[-1].question
        cost = after[-1] + (
            costs.exchange(exchange.answer, newer) if exchange.answer else costs.paragraph(newer)
        )
        if costs.least + cost > budget:
            break
        kept.append(exchange)
        after.append(cost)
        behind.append(index)
    while costs.opening(kept[-1].question) + after[-1] > budget:
        kept.pop()
        after.pop()
        behind.pop()
    return _prompt(
        kept[::-1],
        costs,
        beginning=beginning,
        tokens=costs.opening(kept[-1].question) + after[-1] + begun,
        left_out_turns=behind[-1],
    )


def inert(text: str) -> str:
    """`text` with nothing in it that a server takes for a control token, and no white space around it."""
    return harmless(text).strip()


def harmless(text: str) -> str:
    """`text` with nothing in it that a server takes for a control token.

    A space goes into `<s>`, `</s>`, `<unk>`, `[INST]` and `[/INST]`: it can't make another of them, as taking
    something out could. What sentencepiece writes for a space becomes one; half a surrogate pair, which
    no server can read, becomes U+FFFD.
    """
    if not text.isascii():
        text = well_formed(text).replace("\N{LOWER ONE EIGHTH BLOCK}", " ")
    for control, plain in _CONTROL.items():
        text = text.replace(control, plain)
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exchange:
    question: str
    answer: str = ""


class _Costs:
    """What the parts of a prompt cost in tokens, each text counted alone so that its count can be kept.

    The parts add up to the whole: no token crosses a line break, none begins in one word and ends in the
    next, and the space that the tokenizer puts in front of a text is the one that stands there in the
    prompt. A text after a line break has none: it is counted behind a probe.
    """

    def __init__(self, tokenizer: Tokenizer, system: str) -> None:
        self.tokenizer = tokenizer
        self.system = system
        self.probe = tokenizer.count(_PROBE)
        self._frame = tokenizer.count("[INST]") + tokenizer.count("[/INST]")
        self._system = tokenizer.count(system) if system else 0
        self.least = BOS + self._frame + self._system

    def opening(self, question: str) -> int:
        """The BOS, and a question in its frame behind the system prompt."""
        if self.system:
            return self.least + self.paragraph(question)
        return BOS + self._message(question)

    def paragraph(self, question: str) -> int:
        """A question below another text of the same message, and the blank line between them."""
        return self.tokenizer.count(f"{_PROBE}{_GAP}{question}") - self.probe if question else 0

    def exchange(self, answer: str, question: str) -> int:
        """An answer with its end, and the question that follows it in a message of its own."""
        return self.tokenizer.count(answer) + EOS + self._message(question)

    def _message(self, question: str) -> int:
        if not question:
            return self.tokenizer.count("[INST]  [/INST]")
        return self._frame + self.tokenizer.count(question)


def _head(question: str, costs: _Costs, budget: int) -> str:
    """The beginning of the question that still fits, without white space at its end."""
    room = budget - costs.least
    if room < 0:
        raise ContextTooLong("the system prompt alone does not fit")
    if costs.system:
        probe = f"{_PROBE}{_GAP}"
        head = costs.tokenizer.head(f"{probe}{question}", room + costs.probe)[len(probe) :].rstrip()
    else:
        head = costs.tokenizer.head(question, room).rstrip()
    if not head:
        raise ContextTooLong("not even the beginning of the question fits")
    return head


def _prompt(
    kept: Sequence[_Exchange],
    costs: _Costs,
    *,
    beginning: str,
    tokens: int,
    left_out_turns: int,
    left_out_tokens: int = 0,
) -> Prompt:
    messages: list[ChatMessage] = []
    parts = [costs.system]
    for exchange in kept:
        parts.append(exchange.question)
        if exchange.answer:
            messages.append(_user(parts))
            messages.append(ChatMessage(role="assistant", content=exchange.answer))
            parts = []
    messages.append(_user(parts))
    text = "".join(
        f"[INST] {message.content} [/INST]" if message.role == "user" else f" {message.content}</s>"
        for message in messages
    )
    if beginning:
        messages.append(ChatMessage(role="assistant", content=beginning))
        text += f" {beginning}"
    return Prompt(
        messages=tuple(messages),
        text=text,
        beginning=beginning,
        tokens=tokens,
        left_out_turns=left_out_turns,
        left_out_tokens=left_out_tokens,
    )


def _user(parts: Sequence[str]) -> ChatMessage:
    return ChatMessage(role="user", content=_GAP.join(part for part in parts if part))


def _speaker_line(question: str, author: str, *, named: bool) -> str:
    """What the model reads of a question; a name can't span lines and pass for somebody else's message."""
    text = inert(question)
    name = inert(" ".join(author.split())) if named else ""
    return f"{name}: {text}" if name and text else text
