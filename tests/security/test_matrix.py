"""Every verb on every way by every kind of person comes to what the rules say."""

from pathlib import Path

import pytest

from bot.conversation.verbs import VERBS
from tests.security.matrix import cells, observe, table
from tests.security.rules import IN_PRIVATE, KINDS, NOBODY, ROWS, WHO
from tests.security.ways import deeds

DOCS = Path(__file__).parents[2] / "docs" / "security.md"


@pytest.mark.looptime
async def test_every_cell_is_what_the_rules_say() -> None:
    tried = cells()
    found = await observe(tried)
    wrong = [(cell.deed.name, cell.way, cell.who, found[cell]) for cell in tried]
    assert [each for each, cell in zip(wrong, tried, strict=True) if found[cell] != cell.expected] == []
    assert {cell.deed.verb.word for cell in tried} == set(VERBS)
    assert {cell.who for cell in tried} == {*WHO, *NOBODY}


def test_every_verb_has_its_row_in_the_rules_and_none_is_left_over() -> None:
    assert {deed.name for deed in deeds()} == set(KINDS)
    assert set(KINDS.values()) == set(ROWS) >= set(IN_PRIVATE)


def test_the_table_in_the_documentation_is_the_one_that_is_tried() -> None:
    assert f"\n{table()}\n" in DOCS.read_text(encoding="utf-8")
