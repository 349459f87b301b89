"""A server's own words for why it refuses, without anybody else's. Pure.

Servers repeat what they were sent: what people write may not reach the log.
"""

import re
from collections.abc import Iterator, Mapping

LONGEST = 300
"""Characters of a server's words that the log needs."""

LOOKED_AT, COMPARED = 8000, 1200
"""Characters of them in which is looked for what they mean; and that are compared with all that was sent.
What is longer quotes it, and says why before it or behind it."""

SAYING = (
    "message",
    "msg",
    "error",
    "detail",
    "type",
    "error_type",
    "code",
    "param",
    "loc",
    "description",
    "title",
)
"""Fields in which servers say what is wrong; `input` and the like are what they were sent."""

PLACES = ("loc", "param")
"""Those of them that point to a part of the request."""

USUAL = frozenset(
    """a above all allowed an and api are argument arguments arrived as at available bad badrequesterror be
    below body bytes call cannot chat code content context dict does endpoint error errors exceeded
    exceeds exist expected extra extra_forbidden field fields for forbidden format found from given got
    greater has have in input inputs int integer internal invalid invalid_request_error is it json key
    keys large length less limit list litellm long max maximum message messages min minimum missing
    model must name new no not number of on only or out param parameter parameters permitted please
    prompt provided range received refused request requested required role roles schema server should
    size status str string supplied supported than that the this to token tokens too type unexpected
    unknown unrecognized unsupported use user assistant system valid validation value values was were
    when with your""".split()  # noqa: SIM905  # a list is longer than the page
)
"""Words of such messages that may stand there although a person has written them too."""


def sayings(body: object) -> tuple[str, ...]:
    """Everything that a body of an error says for itself."""
    return tuple(_sayings(body))


def words_of(body: object) -> str:
    """The same in one line, for comparing."""
    return _ends(" ".join(sayings(body)), LOOKED_AT).lower()


def places(body: object) -> frozenset[str]:
    """The parts of the request that a body of an error points to."""
    match body:
        case Mapping():
            here = {part for name in PLACES for part in sayings(body.get(name))}
            return frozenset(here).union(*(places(body.get(name)) for name in SAYING))
        case list() | tuple():
            return frozenset().union(*(places(part) for part in body))
        case _:
            return frozenset()


def _sayings(body: object) -> Iterator[str]:
    match body:
        case str():
            yield body
        case bool() | None:
            return
        case int() | float():
            yield str(body)
        case Mapping():
            for name in SAYING:
                yield from _sayings(body.get(name))
        case list() | tuple():
            for part in body:
                yield from _sayings(part)


def reason(body: object, sent: str) -> str:
    """Its words in one line; of those that were `sent` to it, the usual ones of such messages alone."""
    written = sent.lower()

    def scrubbed(word: re.Match[str]) -> str:
        lowered = word[0].lower()
        return word[0] if lowered in USUAL or lowered not in written else "…"

    said = _ends(" ".join(" ".join(dict.fromkeys(sayings(body))).split()), COMPARED)
    if said.lstrip().startswith("<"):
        return "a web page"
    return re.sub(r"(?:…\W*){2,}", "… ", re.sub(r"\w+", scrubbed, said))[:LONGEST].strip()


def _ends(text: str, most: int) -> str:
    """Its beginning and its end."""
    end = most // 3
    return text if len(text) <= most else f"{text[: most - end]} … {text[-end:]}"
