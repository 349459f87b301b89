"""What has to be sent for a page to show one picture in place of another. Pure."""

import json
from collections.abc import Iterator, Mapping
from os.path import commonprefix

from adapters.platforms.web.draw import Drawn, Json
from adapters.platforms.web.pictures import Picture


def whole(picture: Picture) -> Mapping[str, Json]:
    """All that stands there."""
    return {
        "whole": True,
        "keys": [message["key"] for message in picture.messages],
        "messages": list(picture.messages),
        "listed": list(picture.listed),
        "busy": picture.busy,
        "notice": picture.notice,
    }


def changes(before: Picture, after: Picture) -> Mapping[str, Json]:
    """What differs: `keys` where messages came or went, `messages` that are others now, `grown` texts of
    which only the end is another, as [key, where it begins, what stands there]. Empty: nothing."""
    known = {message["key"]: message for message in before.messages}
    keys: list[Json] = [message["key"] for message in after.messages]
    others: list[Json] = []
    grown: list[Json] = []
    for message in after.messages:
        earlier = known.get(message["key"])
        if earlier is None or {**earlier, "text": ""} != {**message, "text": ""}:
            others.append(message)
        elif earlier["text"] != message["text"]:
            grown.append(_growth(earlier, message))
    found: dict[str, Json] = {}
    if keys != list(known):
        found["keys"] = keys
    if others:
        found["messages"] = others
    if grown:
        found["grown"] = grown
    if before.listed != after.listed:
        found["listed"] = list(after.listed)
    if before.busy != after.busy:
        found["busy"] = after.busy
    if after.notice is not None and after.notice != before.notice:
        found["notice"] = after.notice
    return found


def written(change: Mapping[str, Json]) -> Iterator[bytes]:
    """It as JSON, in pieces of which none is longer than a message: of a whole conversation there may be
    megabytes."""
    before = b"{"
    for name, value in change.items():
        yield before + _json(name) + b": "
        before = b", "
        if not isinstance(value, list):
            yield _json(value)
            continue
        yield b"["
        for number, each in enumerate(value):
            yield b", " * bool(number) + _json(each)
        yield b"]"
    yield b"}" if change else b"{}"


def _json(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode(errors="replace")


def _growth(earlier: Drawn, message: Drawn) -> Json:
    text, same = str(message["text"]), str(earlier["text"])
    if not text.startswith(same):
        same = commonprefix([same, text])  # noqa: RUF071  # of texts, not of paths
    # Browsers count in UTF-16.
    begins = len(same.encode("utf-16-le", "surrogatepass")) // 2
    return [message["key"], begins, text[len(same) :]]
