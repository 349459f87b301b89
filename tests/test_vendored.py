"""What others wrote of the page is what the record says, and may be used as it is."""

import json
from typing import Any

import pytest

from tests.licences import FREE
from tests.vendored import FOLDER, PACKAGES, RECORD, digest

KEPT: dict[str, Any] = json.loads(RECORD.read_text())


def test_the_record_is_of_the_versions_that_are_taken() -> None:
    assert {name: each["version"] for name, each in KEPT.items()} == {
        name: version for name, (version, _) in PACKAGES.items()
    }


@pytest.mark.parametrize("package", KEPT)
def test_every_file_is_as_it_was_fetched_and_its_licence_is_free(package: str) -> None:
    kept = KEPT[package]
    assert kept["files"] == {name: digest(FOLDER / name) for name in kept["files"]}
    assert any(name.startswith("LICENSE.") for name in kept["files"])
    assert FREE.search(kept["licence"])


def test_there_are_no_other_files() -> None:
    known = {FOLDER / name for each in KEPT.values() for name in each["files"]}
    assert {file for file in FOLDER.rglob("*") if file.is_file()} == {*known, RECORD}
