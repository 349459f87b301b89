"""Which version of the program this is."""

from importlib.metadata import version as installed
from pathlib import Path

UNKNOWN = "unknown"

BUILT_FROM = Path(__file__).with_name("COMMIT")
"""Where whoever builds a package writes the commit."""


def version() -> str:
    """As it was released."""
    return installed("mixtral-bot")


def commit(built_from: Path = BUILT_FROM) -> str:
    """The first letters of the commit that it was built from, or that is checked out where it lies."""
    try:
        return (built_from.read_text() if built_from.exists() else _checked_out(built_from)).strip()[:12]
    except (OSError, StopIteration):
        return UNKNOWN


def _checked_out(inside: Path) -> str:
    git = inside.resolve().parent.parent / ".git"
    if git.is_file():  # of a second working tree
        git = Path(git.read_text().partition(": ")[2].strip())
    head = (git / "HEAD").read_text()
    if not head.startswith("ref: "):
        return head
    name = head.removeprefix("ref: ").strip()
    common = git / "commondir"
    top = git / common.read_text().strip() if common.exists() else git
    if (top / name).exists():
        return (top / name).read_text()
    packed = (top / "packed-refs").read_text().splitlines()
    return next(line.partition(" ")[0] for line in packed if line.endswith(f" {name}"))
