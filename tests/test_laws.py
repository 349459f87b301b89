"""The laws of the tree."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BOT = sorted((ROOT / "bot").rglob("*.py"))
CODE = [*BOT, *sorted((ROOT / "adapters").rglob("*.py"))]
LONGEST = 300
PLATFORM_FILES = ("limits.py", "translate.py", "platform.py", "controls.py")


def imported(source: str) -> set[str]:
    """The top-level packages that a module imports, wherever in it. A relative import is named `.`."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." if node.level else (node.module or "").partition(".")[0])
    return names


def test_imports_are_seen_wherever_they_stand() -> None:
    assert imported("import a.b, c\ndef f():\n    from d.e import g\nfrom . import h") == {"a", "c", "d", "."}


@pytest.mark.parametrize("path", BOT, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_bot_imports_the_standard_library_and_itself_alone(path: Path) -> None:
    assert imported(path.read_text()) <= sys.stdlib_module_names | {"bot"}


def test_no_file_is_longer_than_can_be_read_in_one_go() -> None:
    assert len(CODE) > 20
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in CODE}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_platform_has_the_same_four_files() -> None:
    platforms = [path.parent for path in sorted((ROOT / "adapters" / "platforms").glob("*/platform.py"))]
    assert {"discord", "slack", "console"} <= {folder.name for folder in platforms}
    missing = {
        folder.name: name for folder in platforms for name in PLATFORM_FILES if not (folder / name).exists()
    }
    assert missing == {}
