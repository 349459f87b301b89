"""Every way on which something can be done, generated from the table of verbs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.conversation.events import Address, Author, ChannelRef, Event, Invoked, Opened, Said
from bot.conversation.settings import BY_WORD
from bot.conversation.verbs import EVERYTHING, UNDO, VERBS, Argument, Verb

VALUES = {
    "temperature": "0.3",
    "top_p": "0.5",
    "max_tokens": "100",
    "repetition_penalty": "1.1",
    "seed": "7",
    "system": "You are a lamp.",
    "model": "other",
    "preset": "precise",
    "language": "es",
    "prompt": "save lamp You are a lamp.",
    "version": "1",
}
"""What is typed behind each verb that takes something."""

MENU = ("ask", "why")
AUTOCOMPLETED = ("model", "prompt")
"""Not in the table of verbs: what a message's own menu has; whose values are suggested while one types."""

REPLY = ("interaction",)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something to do: the verb with what follows it, and its name in the rules."""

    verb: Verb
    argument: str = ""

    @property
    def name(self) -> str:
        follows = self.argument if self.verb.word in ("reset", "forget") else ""
        return f"{self.verb.word} {follows}".strip()


def deeds() -> Iterator[Deed]:
    for verb in VERBS.values():
        match verb.argument:
            case Argument.LINE:
                yield from (Deed(verb, each) for each in ("", UNDO, EVERYTHING))
            case Argument.CONFIRMATION:
                yield from (Deed(verb, each) for each in ("", EVERYTHING))
            case _:
                yield Deed(verb, VALUES.get(verb.word, ""))


def ways(deed: Deed) -> Iterator[str]:
    """Those on which it can be done."""
    verb = deed.verb
    typed = verb.typed or verb.word == "hello"
    if typed:
        yield from ("mention", "word", "direct message")
    if verb.typed and verb.argument is not Argument.REASON and deed.name == verb.word:
        yield "slash"
    if verb.button:
        yield "button"
    if verb.word in MENU:
        yield "menu"
    if verb.reaction:
        yield "reaction"
    if verb.word in BY_WORD or verb.argument is Argument.REASON or verb.word in ("ask", "prompt"):
        yield "form"
    if verb.word in AUTOCOMPLETED:
        yield "autocomplete"
    if verb.word == "settings":
        yield "home page"
    if typed or verb.button:
        yield "page"


def event(deed: Deed, way: str, author: Author, channel: ChannelRef, id: str) -> Event:  # noqa: A002
    """What a platform hands in for it. The answer that it is about is the channel's only one."""
    verb = deed.verb
    match way:
        case "autocomplete" | "home page":
            return Opened(channel=channel, id=id, author=author, reply=REPLY)
        case "mention" | "word" | "direct message" | "page" if verb.typed or verb.word == "hello":
            return _said(deed, way, author, channel, id)
    if verb.word == "ask":
        said = _said(deed, way, author, channel, id)
        return replace(said, address=Address.COMMAND, reply=REPLY)
    invoked = Invoked(
        channel=channel, id=id, author=author, verb=verb.word, argument=deed.argument, reply=REPLY
    )
    match way:
        case "reaction":
            return replace(invoked, target="q", quiet=True, reply=())
        case "button" | "menu" | "page":
            return replace(invoked, target="q" if verb.word not in ("reset", "forget") else "")
        case "form" if verb.argument is Argument.REASON:
            return replace(invoked, target="q", argument="Because.")
        case "form":
            value = "pirate" if verb.word == "prompt" else deed.argument
            return replace(invoked, verb="settings", argument="", changes={verb.word: value})
    return invoked


def _said(deed: Deed, way: str, author: Author, channel: ChannelRef, id: str) -> Said:  # noqa: A002
    word = deed.verb.word
    text = {"ask": "Why?", "hello": ""}.get(word, f"!{word} {deed.argument}".strip())
    address = {"mention": Address.MENTION, "word": Address.REPLY}.get(way, Address.PRIVATE)
    return Said(
        channel=channel,
        id=id,
        author=author,
        text=text,
        sent_at=1000.0,
        address=address,
        reply=REPLY if way == "page" else (),
    )
