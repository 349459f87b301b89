"""The bytes of an answer's stream -> its events, in either protocol. Pure.

It reads what servers send rather than what the standard of server-sent events says alone:

- an event may stand in one `data:` line or over several, and one that is whole waits for no blank line,
- lines end with `\\n`, `\\r\\n` or `\\r`; U+2028 and its kin, which JSON may hold as they are, end none,
- an error may be named by its event (`event: error`), by its field (`error: …`), or be JSON in place of a
  stream: each becomes the error object that an event of data would hold.
"""

import json
import re
from codecs import BOM_UTF8
from collections.abc import Callable
from contextlib import suppress

try:
    from orjson import loads as quickly
except ImportError:  # it is there where there are wheels of it
    quickly: Callable[[bytes], object] = json.loads  # type: ignore[no-redef]  # one name for both

LINE_END = re.compile(rb"\r\n|\n|\r")
DONE = b"[DONE]"

USUAL = b"data: "
"""How the lines of nearly all servers begin: there are as many as tokens, so they are looked at no longer."""


class EventStream:
    """Bytes as they arrive -> the events that are whole by now, as decoded JSON.

    `unreadable`: what stood where an event should was none; nothing is read after it.
    """

    def __init__(self) -> None:
        self.unreadable = False
        self._line: list[bytes] = []
        self._after_return = False
        self._data: list[bytes] = []
        self._is_error = False
        self._is_bare = False

    def add(self, chunk: bytes) -> list[object]:
        """What can be read now that `chunk` has come."""
        if self._after_return and chunk:
            chunk = chunk.removeprefix(b"\n")  # of an end of line that was cut in two
            self._after_return = False
        self._after_return = self._after_return or chunk.endswith(b"\r")
        first, *others = LINE_END.split(chunk)
        self._line.append(first)
        events: list[object] = []
        for line in others:
            self._read(b"".join(self._line), events)
            self._line = [line]
        return events

    def rest(self) -> list[object]:
        """What has come of an event, once no more bytes do."""
        line, self._line = b"".join(self._line), []
        events: list[object] = []
        self._read(line, events)
        self._end(events)
        return events

    def _read(self, line: bytes, events: list[object]) -> None:
        if self.unreadable:
            return
        if line.startswith(USUAL) and not (self._data or self._is_error or self._is_bare):
            self._take(line[len(USUAL) :].strip(), events)
            return
        line = line.removeprefix(BOM_UTF8).strip()
        if not line:
            if self._data or self._is_error or self._is_bare:
                self._end(events)
            return
        name, _, value = line.partition(b":")
        if self._is_bare or (not self._data and line.startswith(b"{")):
            self._is_bare = True
            self._take(line, events)
        elif name == b"data":
            self._take(value.strip(), events)
        elif name == b"event":
            self._is_error = value.strip() == b"error"
        elif name == b"error":
            self._end(events)
            events.append(_error_object(value.strip()))

    def _take(self, data: bytes, events: list[object]) -> None:
        """Some servers end an event by no blank line: one that is whole waits for none."""
        event = None if self._data else _decoded(data)
        if event is None:
            self._data.append(data)
        else:
            self._pass_on(data, event, events)

    def _end(self, events: list[object]) -> None:
        """JSON takes a blank for an end of line."""
        data = b" ".join(self._data)
        event = _decoded(data) if data else None
        if data and event is None and not (self._is_bare or self._is_error):
            self.unreadable = True
        else:
            self._pass_on(data, event, events)

    def _pass_on(self, data: bytes, event: object, events: list[object]) -> None:
        if self._is_error:
            event = _error_object(data)
        if event is not None and event is not DONE:
            events.append(event)
        self._data, self._is_error, self._is_bare = [], False, False


def _decoded(data: bytes) -> object:
    """JSON; `DONE` as it is, and `None` for what is neither. Half a character is no reason to lose all."""
    if data == DONE:
        return DONE
    with suppress(ValueError):
        return quickly(data)
    try:
        return json.loads(data.decode(errors="replace"))
    except (ValueError, RecursionError):
        return None


def _error_object(data: bytes) -> object:
    """What an error says, as an event of data would say it."""
    content = _decoded(data) or data.decode(errors="replace")
    if isinstance(content, dict) and content.get("error"):
        return content
    return {"error": content or "error"}
