"""What one event of a server's stream says, in either protocol. Pure: decoded JSON in, a `Piece` out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

Event = dict[str, object]
"""As it stands in the stream."""

REASONING = ("reasoning_content", "reasoning")
"""Fields that models think aloud in: the first of vLLM, SGLang and DeepSeek, the second of OpenRouter and
some of Hugging Face's providers."""


AT_ONCE = 2000
"""Characters of a piece that are read at once. A server that does not stream sends a whole answer as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """`finish`: the server's word for why it ends here, "" while it goes on. `failure`: the error object that
    came in place of a piece."""

    text: str = ""
    reasoning: str = ""
    finish: str = ""
    failure: object = None


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """The same as fewer pieces: text that follows text is one."""
    fewer: list[Piece] = []
    texts: list[str] = []
    for piece in pieces:
        if piece.text and not (piece.reasoning or piece.finish or piece.failure):
            texts.append(piece.text)
            continue
        if texts:
            fewer.append(Piece(text="".join(texts)))
            texts = []
        fewer.append(piece)
    if texts:
        fewer.append(Piece(text="".join(texts)))
    return fewer


def parts(piece: Piece) -> Iterator[Piece]:
    """The same, in as many as others have their turn between."""
    starts = range(0, len(piece.text) - AT_ONCE, AT_ONCE)
    for start in starts:
        yield Piece(text=piece.text[start : start + AT_ONCE])
    yield replace(piece, text=piece.text[len(starts) * AT_ONCE :]) if starts else piece


def chat_piece(event: Event) -> Piece:
    """Of an OpenAI-style server. Of several choices it is the first; usage alone, or a role, is nothing."""
    if failure := _failure(event):
        return Piece(failure=failure)
    choices = event.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        if isinstance(choice, dict) and choice.get("index") in (0, None):
            # A server that does not stream sends the whole message, once.
            delta = choice.get("delta") or choice.get("message")
            return _delta(delta if isinstance(delta, dict) else {}, choice.get("finish_reason"))
    return Piece()


def text_piece(event: Event) -> Piece:
    """Of TGI's own route. The end token is marked as special: nobody is to read it."""
    if failure := _failure(event):
        return Piece(failure=failure)
    token, details = event.get("token"), event.get("details")
    text = ""
    if isinstance(token, dict) and not token.get("special"):
        text = _words(token.get("text"))
    return Piece(text=text, finish=_words(details.get("finish_reason")) if isinstance(details, dict) else "")


def _delta(delta: Event, finish: object) -> Piece:
    content, reasoning = delta.get("content"), ""
    for field in REASONING:
        if field in delta and (words := _words(delta[field])):
            reasoning = words
            break
    ended = _words(finish) if finish else ""
    if isinstance(content, str):
        return Piece(text=content, reasoning=reasoning, finish=ended)
    return Piece(text=_words(content), reasoning=reasoning + _thoughts(content), finish=ended)


def _words(content: object) -> str:
    """The text of a string, or of a list of parts; pictures and the like have none."""
    match content:
        case str():
            return content
        case list():
            return "".join(_words(part) for part in content)
        case {"text": str() as text, **more} if more.get("type") not in ("thinking", "reasoning"):
            return text
    return ""


def _thoughts(content: object) -> str:
    """What parts of the content are reasoning, as Mistral's own API sends it."""
    match content:
        case list():
            return "".join(_thoughts(part) for part in content)
        case {"type": "thinking" | "reasoning", **more}:
            return _words(more.get("thinking") or more.get("text"))
    return ""


def _failure(event: Event) -> object:
    """The error that an event is: under that name, or, as older vLLM sends it, the event itself."""
    if error := event.get("error"):
        return event if isinstance(error, str) else error
    return event if event.get("object") == "error" else None
