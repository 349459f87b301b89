"""Which build of the bot this is."""

from importlib.metadata import version as installed_version
from importlib.resources import files


def version() -> str:
    """As pyproject.toml says it, for what is installed."""
    return installed_version("mixtral-bot")


def commit() -> str:
    """Of which commit it was built, with `-dirty` where files differed from that; "" in a checkout, where git
    knows, and where nobody said at the build."""
    try:
        return files("adapters").joinpath("commit.txt").read_text("ascii").strip()
    except FileNotFoundError:
        return ""


def build() -> str:
    """The version, with the commit where that is known."""
    return f"{version()} (commit {commit()})" if commit() else version()
