"""All that works on what people or the model write, each by a name, and texts that may be hard for it."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

from adapters.code_spans import code_spans
from adapters.graphemes import boundary
from adapters.models.huggingface.answer_stream import AnswerStream
from adapters.models.huggingface.event_stream import EventStream
from adapters.models.huggingface.failures import Failure, meaning
from adapters.models.huggingface.fields import STOPS
from adapters.models.huggingface.pieces import Piece, parts
from adapters.models.huggingface.seam import Seam
from adapters.models.huggingface.thoughts import ThoughtCut
from adapters.platforms.console.translate import harmless
from adapters.platforms.discord import text as discord_text
from adapters.platforms.slack import draw as slack_draw
from adapters.platforms.slack import text as slack_text
from adapters.platforms.slack.blocks import blocks_text
from adapters.platforms.slack.content import quoted_text
from adapters.platforms.slack.dates import date_text
from adapters.platforms.slack.notifier import text_to_copy
from adapters.platforms.slack.streams import growing_text
from adapters.platforms.slack.translate import message_in
from adapters.platforms.web.bodies import told_in
from adapters.platforms.web.limits import LIMITS as WEB
from bot.answering.decoding import text_of
from bot.answering.prompt import inert
from bot.commands.words import as_verb
from bot.conversation.content import Quote, TextFile, has_words, question_text
from bot.conversation.events import Address, Author, ChannelRef, Said
from bot.conversation.views import File, Page
from bot.conversation.wellformed import WellFormedPieces, well_formed
from bot.display.draft import Draft

SCROLLS = WEB.page_length

Work = Callable[[str], object]
"""What is done with a text; an iterator, where others have their turn after each of its steps."""

MOST = 40_000
"""Characters of the longest message that a platform lets people write: Slack's."""

ANSWER = 130_000
"""Of an answer: 4,096 tokens, of which the longest have 16 characters, and twice as much from a server that
does not count them."""

ON_THE_PAGE, ATTACHED, ON_DISCORD = 100_000, 100_000, 16_000
"""Of a question on the page; of an attached file; of a message on Discord with its cards and what it
forwards."""


def pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def pages(text: str, limit: int = 2000) -> Iterator[None]:
    draft = Draft(limit, boundary)
    draft.append(text)
    while draft.read():
        yield
    draft.pages(final=True)


def growing_pages(text: str, limit: int = 2000) -> Iterator[None]:
    draft = Draft(limit, boundary)
    for piece in pieces(text, 500):
        draft.append(piece)
        draft.pages()
        yield
    draft.pages(final=True)


def an_answer(text: str, seam: Seam | None = None, piece: int = 3) -> Iterator[None]:
    stream = AnswerStream(seam or Seam("", in_words=False), STOPS, sent="")
    for each in pieces(text, piece):
        for part in parts(Piece(text=each)):
            list(stream.add(part))
            yield


def reasoning(text: str) -> Iterator[None]:
    cut = ThoughtCut(within=True)
    for each in pieces(text, 3):
        cut.add(each)
        yield
    cut.rest()


def events(text: str) -> Iterator[None]:
    stream, sent = EventStream(), text.encode(errors="replace")
    for at in range(0, len(sent), 100):
        stream.add(sent[at : at + 100])
        yield
    stream.rest()


def halves(text: str) -> Iterator[None]:
    whole = WellFormedPieces()
    for piece in pieces(text, 3):
        whole.add(piece)
        yield


def a_file(text: str) -> Iterator[None]:
    reading = text_of(text.encode(errors="replace"))
    with suppress(StopIteration):
        while True:
            reading.send(None)
            yield


def a_message_on_slack(text: str) -> None:
    """As it is read before it is known whom it mentions: with cards, and with what it says as blocks."""
    event = {
        **{"type": "app_mention", "channel": "C1", "channel_type": "channel", "user": "U1", "ts": "1.000100"},
        "text": text,
        "blocks": [{"type": "markdown", "text": text}],
        "attachments": [{"text": text}] * 5,
    }
    message_in(event, workspace="T1", bot="U0")


def on_discord(text: str) -> Any:
    """A message that has no guild and mentions nobody."""
    return SimpleNamespace(content=text, role_mentions=[], mentions=[], guild=None)


def verb(text: str) -> object:
    return as_verb(
        Said(
            channel=ChannelRef(platform="p", workspace="w", channel="c"),
            id="1",
            author=Author(id="u", name="Ada"),
            text=f"!temperature {text}",
            sent_at=0.0,
            address=Address.MENTION,
        )
    )


def refusal(text: str) -> None:
    """What a model server may say, which quotes what it was sent."""
    failure = Failure(status=422, body={"error": {"message": text}})
    meaning(failure, text)
    failure.refused(("seed", "top_p"))
    _ = failure.minds_a_value


def shown_on_slack(text: str) -> None:
    slack_draw.message(text)
    growing_text(Page(number=0, body=text, text=text))
    text_to_copy(File(name="answer.md", content=text[:600].encode(errors="replace")))
    slack_text.as_written(slack_text.inert(text))


WORK: dict[str, Work] = {
    "pages": pages,
    "growing pages": growing_pages,
    "a page that scrolls": lambda text: pages(text, SCROLLS),
    "a page that grows and scrolls": lambda text: growing_pages(text, SCROLLS),
    "an answer": an_answer,
    "an answer in one piece": lambda text: an_answer(text, piece=len(text)),
    "an answer that says its beginning again": lambda text: an_answer(text, Seam(f"{text}.", in_words=False)),
    "reasoning": reasoning,
    "a stream of events": events,
    "halves of characters": halves,
    "code": lambda text: list(code_spans(text, inline_lines=False)),
    "a verb": verb,
    "what the model is asked": lambda text: question_text(
        text, [Quote(author="Ada", text=text)], [TextFile(name="a", text=text)]
    ),
    "half a character": well_formed,
    "a prompt": lambda text: inert(text.encode(errors="replace").decode()),
    "what a model server says": refusal,
    "words": has_words,
    "a file": a_file,
    "a terminal's line": harmless,
    "mentions of the bot on Discord": lambda text: discord_text.without_own_mentions(on_discord(text), 1),
    "names on Discord": lambda text: discord_text.rendered(text, on_discord(text)),
    "addresses on Discord": lambda text: list(discord_text.linked_messages(text)),
    "mentions of the bot on Slack": lambda text: slack_text.without_mention(text, "U1"),
    "mentions on Slack": lambda text: (slack_text.mentions(text), list(slack_text.nameless(text))),
    "a message on Slack": a_message_on_slack,
    "names on Slack": lambda text: slack_text.readable(text, {}),
    "addresses on Slack": lambda text: list(slack_text.linked_messages(text)),
    "pings on Slack": lambda text: slack_text.without_half_a_mention(slack_text.inert(text)),
    "an answer on Slack": shown_on_slack,
    "a date on Slack": lambda text: date_text(1392734382, text),
    "a card on Slack": lambda text: quoted_text({"text": text, "attachments": [{"text": text}]}, {}),
    "what is told on the page": lambda text: told_in(text.encode(errors="replace")),
    "a table on Slack": lambda text: blocks_text([{"type": "table", "rows": [[{"text": text}]]}]),
}

BORDERS = {
    "pages": ANSWER,
    "growing pages": ANSWER,
    "a page that scrolls": ANSWER,
    "a page that grows and scrolls": ANSWER,
    "an answer in one piece": ANSWER,
    "a file": 2_000_000,
    "halves of characters": ON_THE_PAGE,
    "half a character": ON_THE_PAGE,
    "a verb": ON_THE_PAGE,
    "what the model is asked": ATTACHED,
    "a prompt": 5 * ATTACHED,
    "words": ON_THE_PAGE,
    "what is told on the page": 10 * ON_THE_PAGE,
    "mentions of the bot on Discord": ON_DISCORD,
    "names on Discord": ON_DISCORD,
    "addresses on Discord": ON_DISCORD,
}
"""Characters of the longest text that comes in, where that is not `MOST`."""

HOSTILE = (
    *("\t", " ", "\n", " \n", "\r\n", "\u2028", "a", "a ", "9", ".", '?"', "。", "漢", "\x00", "\ud83d"),
    *("`", "``", "` ", "```\n", "~~~\n", "> ```\n", "- ```\n", "    ", "> ", "- ", "1. ", "x\n- y\n"),
    *("\u0301", "`\u0301", "漢\u0301", "\u0600 ", "\U0001f468\u200d", "\U0001f1e9"),
    *("`" + "\u0301" * 900, "a" + "\u0301" * 900 + " "),
    *("<", "<@", "<@1> ", ",<@1>", "<@U1> ", ",\t<@U1>", "<@U1|", "<#C1|", "<!date^1^", "<https://a|", "|"),
    *("https://", "https://a.slack.com/archives/C1/p", "https://discord.com/channels/1/1/", "&", "&#9", "{a"),
    *("`<a>", "` <@U1>", "` <https://a|b> ", "1. a `b`\n", "[],", '\\"', '"a",'),
    *("<think>", "</think>", "</s", "[INST]", "me ", "scope: ", "--", "data: {\n", "event: error\n", "{\n"),
)
