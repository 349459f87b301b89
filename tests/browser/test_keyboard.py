"""Everything on the page by keyboard alone: no press of a mouse in it."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, expect

from tests.browser.reader import Reader
from tests.browser.site import Site
from tests.servers.model import TWENTY_WORDS, ModelServer, counting

pytestmark = pytest.mark.asyncio(loop_scope="session")

Visit = Callable[..., Awaitable[Reader]]

FAR = 80
"""Presses of Tab until something that can't be reached is given up: twice as many as the page has places."""


async def tab_to(reader: Reader, wanted: Locator, *, back: bool = False) -> None:
    """Press Tab until it has the focus; each place on the way is seen to have it."""
    for _ in range(FAR):
        if await wanted.evaluate("element => element === document.activeElement"):
            return
        await reader.page.keyboard.press("Shift+Tab" if back else "Tab")
        assert await reader.page.evaluate(
            """() => {
                const at = document.activeElement;
                return at === document.body || getComputedStyle(at).outlineStyle !== "none";
            }"""
        )
    raise AssertionError("no key leads there")


async def test_ask_stop_edit_leaf_search_set_and_delete(site: Site, model: ModelServer, visit: Visit) -> None:
    reader = await visit(site.url)
    keys, page = reader.page.keyboard, reader.page
    await expect(page.locator("#question")).to_be_focused()
    model.text, model.pace = counting(500), 20.0
    await keys.type("Count far.")
    await keys.press("Enter")
    await expect(reader.answer).to_contain_text("w5")
    await keys.press("Escape")
    await reader.answered(re.compile(r"w5.*Stopped", re.DOTALL))
    await expect(page.locator("#question")).to_be_focused()

    model.text, model.pace = TWENTY_WORDS, 200.0
    await keys.press("ArrowUp")
    await expect(page.get_by_role("textbox", name="Edit")).to_be_focused()
    await keys.press("Control+a")
    await keys.type("Count to twenty.")
    await keys.press("Enter")
    await reader.answered(TWENTY_WORDS)
    await expect(reader.questions).to_have_text(["Count to twenty."])

    model.text = "Another one."
    await tab_to(reader, reader.button("Regenerate"))
    await keys.press("Enter")
    await reader.answered("Another one.")
    await tab_to(reader, reader.button("‹ Earlier"), back=True)
    await keys.press("Enter")
    await expect(page.locator(".version")).to_have_text("1/2")
    await reader.answered(TWENTY_WORDS)

    await tab_to(reader, page.locator("#search"), back=True)
    await keys.type("nothing like this")
    await expect(page.locator("#conversations")).to_contain_text("Nothing found.")
    await keys.press("Control+a")
    await keys.type("twenty")
    await expect(reader.listed).to_have_text(["Count to twenty."])

    await tab_to(reader, reader.button("How Mixtral writes"))
    await keys.press("Enter")
    await expect(reader.setting("temperature")).to_have_value("0.9")
    await tab_to(reader, reader.setting("temperature"))
    await keys.press("Control+a")
    await keys.type("0.3")
    await keys.press("Enter")
    await expect(page.locator("#said")).to_contain_text("temperature from 0.9 to 0.3")
    await tab_to(reader, page.locator("#right .close"), back=True)
    await keys.press("Enter")
    await expect(reader.button("How Mixtral writes")).to_be_focused()

    await tab_to(reader, page.locator("#conversations .delete"), back=True)
    await keys.press("Enter")
    await expect(reader.listed).to_have_count(0)
    await tab_to(reader, reader.button("Undo"))
    await keys.press("Enter")
    await expect(reader.listed).to_have_count(1)
