"""What must be seen nowhere: looked for wherever a program of ours could leave it.

Every scenario, whatever goes wrong in it, is looked through when it is over: the log at its finest level, the
arguments and the environment of what the program has started.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

SECRET = re.compile(r"TOKEN|SECRET|PASSWORD|USERS|KEY|HEADERS")
PASSWORD = re.compile(r"://[^/\s@]*:([^/\s@]+)@")
SHORTEST = 6
"""Letters: what is shorter may be there by chance."""

WORDS = 3
"""A text of fewer may be what a line of the log says by itself."""


def secrets_of(environment: Mapping[str, str]) -> set[str]:
    """What of a program's variables is nobody's to know: tokens, passwords, hashes, also within addresses."""
    found = set[str]()
    for name, value in environment.items():
        found.update(PASSWORD.findall(value))
        if SECRET.search(name):
            found.update(re.split(r"[,:\s]", value) if "USERS" in name else [value])
    return {each for each in found if len(each) >= SHORTEST}


def texts_of(written: Iterable[str]) -> set[str]:
    """Of what people and the model have written, each line that can't be there by chance."""
    lines = (line.strip() for text in written for line in text.splitlines())
    return {line for line in lines if len(line.split()) >= WORDS}


def finds_in_log(log: Path, canaries: Iterable[str]) -> list[str]:
    """Those that stand in a log."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return [canary for canary in canaries if canary in text]


def finds_around(process: int, secrets: Iterable[str]) -> list[str]:
    """Those that anybody sees in the arguments or the environment of what a process has started."""
    looked = b"\0".join(_all_about(child) for child in _children(process)).decode(errors="replace")
    return [secret for secret in secrets if secret in looked]


def _children(process: int) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            stat = _read(entry / "stat").rpartition(b")")[2].split()
            if len(stat) > 1 and int(stat[1]) == process:
                yield int(entry.name)
                yield from _children(int(entry.name))


def _all_about(process: int) -> bytes:
    return _read(Path(f"/proc/{process}/cmdline")) + b"\0" + _read(Path(f"/proc/{process}/environ"))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # it has ended meanwhile
