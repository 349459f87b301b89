"""A person in front of the page."""

import re
from dataclasses import dataclass, field, replace
from typing import Any, Self

from playwright.async_api import Browser, BrowserContext, Locator, Page, Request, expect

WAIT = 20_000
"""Milliseconds that something on the page may take on a busy machine."""

expect.set_options(timeout=WAIT)


@dataclass(slots=True, kw_only=True)
class Reader:
    """`outside`: what the browser asked of other hosts; `errors`: of the page's scripts."""

    url: str
    context: BrowserContext
    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @classmethod
    async def visit(cls, browser: Browser, url: str, **options: Any) -> Self:
        """In a browser without cookies."""
        context = await browser.new_context(**{"viewport": {"width": 1280, "height": 860}, **options})
        reader = cls(url=url.partition("#")[0], context=context, page=await context.new_page())
        reader._watch(reader.page)
        await reader.page.goto(url)
        return reader

    def _watch(self, page: Page) -> None:
        def asked(request: Request) -> None:
            if not request.url.startswith((self.url, "data:", "blob:")):
                self.outside.append(request.url)

        page.on("request", asked)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    async def second_tab(self) -> Self:
        """What they look at, in another tab of the same browser."""
        tab = replace(self, page=await self.context.new_page())
        tab._watch(tab.page)
        await tab.page.goto(self.page.url)
        return tab

    async def leave(self) -> None:
        await self.context.close()

    async def ask(self, text: str) -> None:
        """Type a question and send it."""
        field = self.page.locator("#question")
        await field.fill(text)
        await field.press("Enter")

    @property
    def welcome(self) -> Locator:
        return self.page.locator(".message.welcome")

    @property
    def answer(self) -> Locator:
        """The last answer, its text alone."""
        return self.page.locator(".message.bot .body").last

    @property
    def questions(self) -> Locator:
        return self.page.locator(".message.user .said")

    @property
    def settled(self) -> Locator:
        """The last answer, when nothing will be added to it."""
        return self.page.locator(".message.bot:not(.growing)").last

    @property
    def notice(self) -> Locator:
        return self.page.locator(".message.notice .body")

    @property
    def listed(self) -> Locator:
        """The conversations in the side bar."""
        return self.page.locator("#conversations .entry")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def setting(self, word: str) -> Locator:
        """The one control of a setting."""
        return self.page.locator(f"#field-{word}")

    async def open_settings(self) -> None:
        """They are closed at first."""
        await self.button("How Mixtral writes").click()
        await expect(self.setting("temperature")).not_to_have_value("")

    async def answered(self, text: str | re.Pattern[str]) -> None:
        """Wait until the last answer is whole and reads like this."""
        await expect(self.answer).to_have_text(text)
        await expect(self.settled.locator(".actions")).to_be_visible()
