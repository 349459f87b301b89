"""How records lie in the store: as `codec` writes them, sealed where there is a key that seals.

Of a sealed record lies open what the scripts read: ids, times, sizes, and pseudonyms. All of it is in its
`sealed`, too, and it is what is in there that counts.
"""

import json
from collections.abc import Mapping
from typing import Any

from adapters.stores.redis import codec
from adapters.stores.redis.codec import SEALED, Unreadable, line_of
from adapters.stores.redis.pseudonyms import Pseudonyms
from adapters.stores.redis.sealing import MARK, NoKey, Sealing
from bot.conversation.requests import Request
from bot.conversation.settings import PROMPT, SettingValue
from bot.conversation.turns import Account, Turn

BODY = f'"sealed":"{MARK}'
"""What stands in every sealed record, and in no other: within a text its quotes would have a backslash."""


class Lines:
    """Writes records and reads them. Reading raises `Unreadable`, which names a key that is missing."""

    def __init__(self, sealing: Sealing, people: Pseudonyms) -> None:
        self.sealing = sealing
        self._people = people

    def request(self, request: Request) -> str:
        return self.closed_request(codec.dump_request(request))

    def load_request(self, line: str) -> Request:
        return codec.load_request(self._opened(line))

    def turn(self, turn: Turn, written: int) -> tuple[str, str, dict[str, str]]:
        """As `codec.dump_turn`."""
        line, files, texts = codec.dump_turn(turn, self._people.pseudonym, written)
        return self.closed_turn(line), self.seal(files), texts

    def load_turn(self, line: str, texts: Mapping[str, str], files: Mapping[str, str]) -> Turn:
        files = {name: self.read(text) for name, text in files.items()}
        return codec.load_turn(self._opened(line), texts, files)

    def account(self, account: Account | None) -> tuple[str, dict[str, str]]:
        """As `codec.dump_account`."""
        line, texts = codec.dump_account(account, self._people.pseudonym)
        return self.seal(line), texts

    def load_account(self, line: str, texts: Mapping[str, str]) -> Account | None:
        return codec.load_account(self.read(line), texts)

    def setting(self, name: str, value: SettingValue, by: str) -> str:
        """With its name, where that is a text of somebody's."""
        named = name if self.sealing.using and name.startswith(PROMPT) else ""
        return self.closed(codec.dump_setting(value, by, named))

    def load_setting(self, field: str, line: str) -> tuple[str, SettingValue, str]:
        """As `codec.load_setting`."""
        return codec.load_setting(field, self._opened(line))

    def text(self, text: str, author: str) -> str:
        return self.closed(codec.dump_text(text, author))

    def load_text(self, line: str) -> tuple[str, str]:
        return codec.load_text(self._opened(line))

    def seal(self, text: str) -> str:
        """A text that is no record."""
        return self.sealing.seal(text)

    def aside(self, line: str) -> str:
        """How a record is set aside that can't be read."""
        return line if BODY in line or line.startswith(MARK) else self.seal(line)

    def read(self, text: str) -> str:
        """The same as it was."""
        try:
            return self.sealing.read(text)
        except NoKey as missing:
            raise Unreadable(str(missing)) from None

    def fields(self, head: str, tail: str) -> list[str]:
        """Under which fields of a hash that may lie which people have named, or what is theirs; the first is
        where it is written."""
        if not self.sealing.ids:
            return [f"{head}{tail}"]
        names = [f"{head}{pseudonym}" for pseudonym in self._people.pseudonyms(tail)]
        return [*names, f"{head}{tail}"] if self.sealing.using else [f"{head}{tail}", *names]

    def setting_fields(self, name: str) -> list[str]:
        """The same of a setting."""
        return self.fields(PROMPT, name.removeprefix(PROMPT)) if name.startswith(PROMPT) else [name]

    def same_texts(self, text: str) -> tuple[str, str]:
        """What stands in place of this text in requests that have no other: where they are sealed, and where
        they are not."""
        sealed = self._digest(text) if self.sealing.ids else text
        return sealed, text if self.sealing.mixed else sealed

    def anew(self, part: str, field: str, text: str) -> tuple[str, str]:
        """The field and the text as they would be written now, of what lies under a key whose name ends with
        `part`; the same where they are that."""
        try:
            if part in ("settings", "personal"):
                return self._setting_anew(field, text, personal=part == "personal")
            return field, self._text_anew(part, text)
        except Unreadable:
            raise
        except Exception as error:
            raise Unreadable(type(error).__name__) from None

    def _setting_anew(self, field: str, line: str, *, personal: bool) -> tuple[str, str]:
        name, value, by = self.load_setting(field, line)
        head = f"{name.partition(':')[0]}:"
        place = self.fields(head, by)[0] if personal and by else self.setting_fields(name)[0]
        same = place == field and self._is_current(line)
        return place, line if same else self.setting(name, value, by)

    def _text_anew(self, part: str, text: str) -> str:
        current = self._is_current(text) or self.sealing.is_current(text)
        if current and part != "messages":
            return text
        plain = self._opened(text)
        match part:
            case "messages":
                whose = f'"person":"{self._digest(json.loads(plain)["person"])}"'
                return text if current and whose in text else self.closed_request(plain)
            case "history":
                return self.closed_turn(plain)
            case "texts":
                return self.closed(plain)
        if BODY in text:
            return line_of({**json.loads(text), "sealed": self.seal(plain)})
        return self.seal(self.read(text))

    def _is_current(self, line: str) -> bool:
        return f"{BODY}{self.sealing.using}:" in line

    def closed_request(self, line: str) -> str:
        """A request's line, sealed."""
        if not self.sealing.using:
            return line
        stored = json.loads(line)
        message = stored["message"]
        open_part = {"id": message["id"], "text": self._digest(message["text"]), **_quoted(message)}
        plain = {"message": open_part, "work": stored["work"], "person": self._digest(stored["person"])}
        return self.closed(line, plain)

    def closed_turn(self, line: str) -> str:
        """A turn's line, sealed."""
        if not self.sealing.using:
            return line
        stored = json.loads(line)
        plain = {"message": stored["message"], "person": self._digest(stored["person"])}
        plain |= {"asked_at": stored["asked_at"], **_quoted(stored)}
        return self.closed(line, plain, {"told": stored["told"]} if "told" in stored else {})

    def closed(
        self, line: str, plain: Mapping[str, object] | None = None, last: Mapping[str, object] | None = None
    ) -> str:
        """A line, sealed, with what lies open before it and behind it."""
        if not self.sealing.using:
            return line
        return line_of({**(plain or {}), "sealed": self.seal(line), **(last or {}), "format": SEALED})

    def _opened(self, line: str) -> str:
        """A record's line as `codec` wrote it."""
        if BODY not in line:
            return line
        try:
            return self.sealing.open(json.loads(line)["sealed"])
        except NoKey as missing:
            raise Unreadable(str(missing)) from None
        except Exception as error:
            raise Unreadable(type(error).__name__) from None

    def _digest(self, text: str) -> str:
        return self._people.pseudonym(text)


def _quoted(stored: Mapping[str, Any]) -> dict[str, object]:
    """Which messages are quoted there, for the script that looks for one's id."""
    ids = [quote["message"] for quote in stored["quotes"] if quote.get("message")]
    return {"quotes": [{"message": each} for each in ids]}
