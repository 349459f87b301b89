"""A package that is imported when something of it is used."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from adapters.platforms.web.late_import import import_late

NAME = "seldom_used"


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package with a module inside; this file is there once the package was imported."""
    package, loaded = tmp_path / NAME, tmp_path / "loaded"
    package.mkdir()
    (package / "__init__.py").write_text(f"open({str(loaded)!r}, 'x').close()\nfrom {NAME} import inside\n")
    (package / "inside.py").write_text("VALUE = 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield loaded
    for name in (NAME, f"{NAME}.inside"):
        sys.modules.pop(name, None)


def test_a_late_package_is_imported_when_something_of_it_is_used(loaded: Path) -> None:
    import_late(NAME)
    package = import_module(NAME)
    assert (package.__name__, package.__file__ is None, loaded.exists()) == (NAME, False, False)
    assert package.inside.VALUE == 7
    assert loaded.exists()
    assert import_module(NAME).inside is package.inside


def test_a_module_inside_a_late_package_is_a_part_of_it(loaded: Path) -> None:
    import_late(NAME)
    inside = import_module(f"{NAME}.inside")
    assert inside.VALUE == 7
    assert import_module(NAME).inside is inside
    assert loaded.exists()


def test_what_it_does_not_have_is_said_as_of_any_module(loaded: Path) -> None:
    import_late(NAME)
    with pytest.raises(AttributeError, match=f"'{NAME}' has no attribute 'nothing'"):
        _ = import_module(NAME).nothing
    assert loaded.exists()


def test_a_package_that_is_there_already_stays_and_one_that_is_nowhere_is_left_out(loaded: Path) -> None:
    package = import_module(NAME)
    import_late(NAME)
    assert sys.modules[NAME] is package
    import_late("nowhere_to_be_found")
    assert "nowhere_to_be_found" not in sys.modules
