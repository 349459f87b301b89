"""`.env`, as it is and as it shall be: lines that setup does not know stay as they are."""

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dotenv.parser import Binding

from adapters.configuration import Settings, env_lines, is_secret
from bot.errors import MixtralBotError

Changes = Mapping[str, str]
"""Values by variable; "" takes the variable out."""

HEAD = "# The bot's configuration. README: Configuration; .env.example has every variable.\n"

PLAIN = re.compile(r"[\w./:@%+,=&?~-]*")
"""Values that need no quotes."""


class Unwritable(MixtralBotError):
    """`.env` can't be written where it is."""


@dataclass(frozen=True, slots=True)
class EnvFile:
    """What is in the file at `path`; no lines where there is none."""

    path: Path
    lines: Sequence[Binding]

    @property
    def values(self) -> Mapping[str, str]:
        """What is set in it, by variable. The last line counts."""
        return {line.key.upper(): line.value for line in self.lines if line.key and line.value}

    def changed(self, changes: Changes) -> str:
        """Its text with these changes. A new value stands where the old one stood, at the end otherwise."""
        left, text = dict(changes), ""
        for line in self.lines:
            name = (line.key or "").upper()
            whole = line.original.string
            if name not in changes:
                text += whole
                continue
            text += whole[: len(whole) - len(whole.lstrip())]  # the blank lines above it
            if value := left.pop(name, ""):
                text += _line(name, value)
        if text and not text.endswith("\n"):
            text += "\n"
        added = "".join(_line(name, value) for name, value in left.items() if value)
        return (text or HEAD) + added

    def difference(self, changes: Changes, kind: type[Settings]) -> list[str]:
        """A line for each variable that changes, without a secret in it. `kind` says which ones are."""
        old = self.values
        return [
            _difference(name, old.get(name, ""), value, hidden=is_secret(kind, name))
            for name, value in changes.items()
            if value != old.get(name, "")
        ]


def read(path: Path) -> EnvFile:
    """The file as it is. Raises `ConfigurationError` where it can't be read, else `Unwritable`."""
    lines = env_lines(path)
    try:
        with tempfile.TemporaryFile(dir=path.resolve().parent):
            pass
    except OSError as theirs:
        raise _unwritable(path, theirs) from theirs
    return EnvFile(path, lines)


def write(path: Path, text: str) -> None:
    """Put it in place of the file, whole or not at all, for its owner's eyes alone. Raises `Unwritable`."""
    target = path.resolve()  # a link stays one
    try:
        descriptor, name = tempfile.mkstemp(prefix=".env-", dir=target.parent)  # its mode is 600
    except OSError as theirs:
        raise _unwritable(path, theirs) from theirs
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(target)
    except OSError as theirs:
        raise _unwritable(path, theirs) from theirs
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


def _unwritable(path: Path, theirs: OSError) -> Unwritable:
    return Unwritable(
        f"{path.absolute()} can't be written ({theirs.strerror}): go to a folder that is yours, or give "
        f"{path.absolute().parent} to your user."
    )


def _line(name: str, value: str) -> str:
    if not PLAIN.fullmatch(value):
        value = "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return f"{name}={value}\n"


def _difference(name: str, old: str, new: str, *, hidden: bool) -> str:
    if not new:
        return f"{name} is taken out"
    if not old:
        return f"{name}: {_told(new, hidden=hidden)}"
    return f"{name}: {_told(new, hidden=hidden)}, in place of {_told(old, hidden=hidden)}"


def _told(value: str, *, hidden: bool) -> str:
    """A value as it may stand on the screen."""
    if hidden:
        return f"a text of {len(value)} letters"
    return re.sub(r"//[^/@]*@", "//…@", value)
