"""The bytes of an answer's stream as huggingface_hub reads them: every event in a line of its own. Pure.

It takes each line that begins with `data:` for a whole event, passes over every other one, and splits lines
where JSON does not end. So here

- one event over several `data:` lines becomes one line,
- U+2028, U+2029 and U+0085, which JSON may hold as they are, are written as JSON escapes,
- an error that is named by its event (`event: error`) or its field (`error: …`), or that is JSON in place of
  a stream, becomes the error object that an event of data would hold.
"""

import json
import re
from codecs import BOM_UTF8

LINE_END = re.compile(rb"\r\n|\n|\r")
DONE = b"[DONE]"

ESCAPES = {
    "\u2028".encode(): b"\\u2028",
    "\u2029".encode(): b"\\u2029",
    "\u0085".encode(): b"\\u0085",
}


class EventLines:
    """Bytes as they arrive -> those of the events that are whole by now."""

    def __init__(self) -> None:
        self._line: list[bytes] = []
        self._after_return = False
        self._data: list[bytes] = []
        self._is_error = False
        self._is_bare = False

    def add(self, chunk: bytes) -> bytes:
        """What can be read now that `chunk` has come."""
        if self._after_return and chunk:
            chunk = chunk.removeprefix(b"\n")  # of an end of line that was cut in two
            self._after_return = False
        self._after_return = self._after_return or chunk.endswith(b"\r")
        first, *others = LINE_END.split(chunk)
        self._line.append(first)
        read = []
        for line in others:
            read.append(self._read(b"".join(self._line)))
            self._line = [line]
        return b"".join(read)

    def rest(self) -> bytes:
        """What has come of an event, once no more bytes do."""
        line, self._line = b"".join(self._line), []
        return self._read(line) + self._end()

    def _read(self, line: bytes) -> bytes:
        line = line.removeprefix(BOM_UTF8).strip()
        name, _, value = line.partition(b":")
        if not line:
            return self._end()
        if self._is_bare or (not self._data and line.startswith(b"{")):
            self._is_bare = True
            return self._take(line)
        if name == b"data":
            return self._take(value.strip())
        if name == b"event":
            self._is_error = value.strip() == b"error"
        elif name == b"error":
            return self._end() + _written(_error_object(value.strip()))
        return b""

    def _take(self, data: bytes) -> bytes:
        """Some servers end an event by no blank line: one that is whole waits for none."""
        self._data.append(data)
        return self._end() if len(self._data) == 1 and (data == DONE or _is_json(data)) else b""

    def _end(self) -> bytes:
        """JSON takes a blank for an end of line."""
        data = b" ".join(self._data)
        is_event = bool(data) and (not self._is_bare or _is_json(data))
        if self._is_error:
            data, is_event = _error_object(data), True
        self._data, self._is_error, self._is_bare = [], False, False
        return _written(data) if is_event else b""


def _written(data: bytes) -> bytes:
    for mark, escape in ESCAPES.items():
        data = data.replace(mark, escape)
    return b"data: " + data + b"\n\n"


def _error_object(data: bytes) -> bytes:
    """What an error says, as an event of data would say it."""
    content: object = data.decode(errors="replace")
    if _is_json(data):
        content = json.loads(str(content))
    if not isinstance(content, dict) or not content.get("error"):
        content = {"error": content or "error"}
    return json.dumps(content).encode()


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data.decode(errors="replace"))
    except (ValueError, RecursionError):
        return False
    return True
