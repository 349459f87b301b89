"""The page's HTML, styles and scripts, what others wrote of it (`vendor/`), and the form to log in with."""

from pathlib import Path

FOLDER = Path(__file__).parent


def asset(name: str) -> str:
    """A file that lies here."""
    return (FOLDER / name).read_text(encoding="utf-8")
