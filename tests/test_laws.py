"""The laws of the tree, read off the files."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CORE = sorted((ROOT / "bot").rglob("*.py"))
PLATFORMS = ("discord", "console")


def imported(source: Path) -> set[str]:
    """The top-level packages that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(source.read_text())):
        match node:
            case ast.Import():
                names |= {alias.name.partition(".")[0] for alias in node.names}
            case ast.ImportFrom():
                assert node.level == 0, f"{source}: a relative import"
                names.add((node.module or "").partition(".")[0])
    return names


@pytest.mark.parametrize("source", CORE, ids=lambda source: str(source.relative_to(ROOT)))
def test_the_core_imports_the_standard_library_and_itself(source: Path) -> None:
    assert imported(source) <= sys.stdlib_module_names | {"bot"}


def test_every_file_can_be_read_in_one_go() -> None:
    sources = [*CORE, *(ROOT / "adapters").rglob("*.py")]
    assert {
        source.name: lines for source in sources if (lines := len(source.read_text().splitlines())) > 300
    } == {}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_has_the_same_four_names(platform: str) -> None:
    names = {source.stem for source in (ROOT / "adapters" / platform).glob("*.py")}
    assert {"limits", "translate", "platform", "controls"} <= names
