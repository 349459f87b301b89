"""Counts Mixtral's tokens with sentencepiece and the model's own vocabulary.

`tokenizer.model.v1` beside this file is Mistral AI's (Apache-2.0), as mistral-common ships it.
"""

from collections import OrderedDict
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

VOCABULARY = Path(__file__).with_name("tokenizer.model.v1")

REMEMBERED = 4096
"""Texts whose counts are kept: two full windows of short messages."""

SPACE = "\N{LOWER ONE EIGHTH BLOCK}"
"""How sentencepiece writes a space; it takes one that somebody typed for a space, too."""


class MixtralTokenizer:
    """`ports.Tokenizer` for Mixtral-8x7B-Instruct-v0.1; the library and the vocabulary (0.5 MB) are read on
    first use.

    Of a counted text only a digest and the number are kept, so the memory holds at most `REMEMBERED` times
    some 200 bytes, however long the texts are. Threads may count at the same time.
    """

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._counts: OrderedDict[bytes, int] = OrderedDict()
        self._counting = Lock()

    def count(self, text: str) -> int:
        """How many tokens `text` is, without BOS or EOS. Control strings count as the text they are."""
        content = _writable(text)
        key = blake2b(content.encode(), digest_size=16).digest()
        known = self._counts.get(key)
        if known is None:
            known = len(self._processor.encode(content, out_type=int))
        with self._counting:
            self._counts[key] = known
            self._counts.move_to_end(key)
            if len(self._counts) > self._remembered:
                self._counts.popitem(last=False)
        return known

    def head(self, text: str, tokens: int) -> str:
        """The longest beginning of `text` that ends between two of its tokens and is at most `tokens` long.

        A character that takes several tokens, as rare ones do byte by byte, is kept whole or left out.
        """
        content = _writable(text)
        ids = self._processor.encode(content, out_type=int)
        if len(ids) <= tokens:
            return text
        width = sum(self._width(token) for token in ids[: max(tokens, 0)])
        # The tokens spell the text with one more space in front.
        spelt = f" {content.replace(SPACE, ' ')}".encode()[:width].decode(errors="ignore")
        return text[: max(len(spelt) - 1, 0)]

    def _width(self, token: int) -> int:
        """The bytes that a token stands for."""
        if self._processor.is_byte(token):
            return 1
        return len(self._processor.id_to_piece(token).replace(SPACE, " ").encode())

    @cached_property
    def _processor(self) -> "SentencePieceProcessor":
        from sentencepiece import SentencePieceProcessor  # noqa: PLC0415

        return SentencePieceProcessor(model_file=str(VOCABULARY))


def _writable(text: str) -> str:
    """The text with each lone surrogate, which UTF-8 can't say, replaced by one other character."""
    return text if text.isascii() else text.encode(errors="replace").decode()
