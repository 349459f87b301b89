"""The page's stylesheet and scripts, and the form to log in with."""

from pathlib import Path


def asset(name: str) -> str:
    """A file that lies here."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
