"""`python -m tests.licences`: what each package that the program needs may be used under, one a line."""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

LOCK = Path(__file__).parent.parent / "requirements.lock"

FREE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Mozilla Public|MPL-2\.0|CNRI", re.IGNORECASE
)
"""Licences under which a program of any kind may use a package as it is."""


def needed() -> list[str]:
    """The packages that the lock names."""
    return sorted(set(re.findall(r"^([A-Za-z0-9_.-]+)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE)))


def licence(package: str) -> str:
    """What a package says of its licence, in its own words; "" of one that is for other systems."""
    try:
        said = metadata(package)
    except PackageNotFoundError:
        return ""
    said_of = {name: said.get_all(name) or [] for name in ("License-Expression", "Classifier", "License")}
    kinds = [each.rpartition("::")[2].strip() for each in said_of["Classifier"] if each.startswith("License")]
    ways = (*said_of["License-Expression"], ", ".join(kinds), *said_of["License"], "?")
    written: str = next(each for each in ways if each)
    return written.splitlines()[0]


if __name__ == "__main__":
    for package in needed():
        print(f"{package:28} {licence(package) or 'not for this system'}")
