"""The page in every state, size, light and language, as pictures to look at.

    python -m tests.browser.filmstrip FOLDER [--width 390] [--language es] [--scheme dark]

A picture for each, and a sheet with all states of one kind of screen side by side.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.async_api import async_playwright, expect

from bot.languages import speaker
from tests.browser.chromium import FLAGS, PROGRAM
from tests.browser.reader import Reader
from tests.browser.site import site_over
from tests.program import at_terminal
from tests.servers.model import Fault, ModelServer, counting
from tests.servers.ports import free_port

WIDTHS, LANGUAGES, SCHEMES = (1280, 1920, 390), ("en", "es", "fr"), ("light", "dark")
HEIGHTS = {1280: 860, 1920: 1080, 390: 844}

QUESTION = {
    "en": "How far apart are the planets?",
    "es": "¿A qué distancia están los planetas?",
    "fr": "À quelle distance sont les planètes ?",
}
ANSWER = r"""Here is **what is known**, in astronomical units:

| planet | distance | period |
|--------|---------:|-------:|
| Mercury | 0.39 | 88 days |
| Earth | 1.00 | 1 year |
| Neptune | 30.07 | 165 years |

By Kepler's third law \(T^2 = a^3\), and so

$$
T = \sqrt{a^3} = a^{3/2}
$$

```python
def period(distance: float) -> float:
    # in years, of a distance in astronomical units
    return distance**1.5
```

- [x] the inner planets
- [ ] the outer ones, see [this list](https://example.org/planets)
"""


class Strip:
    """One kind of screen: what is seen there, state by state. `shots`: the pictures so far."""

    def __init__(self, reader: Reader, model: ModelServer, language: str, name: str, folder: Path) -> None:
        self.reader, self.model, self.say = reader, model, speaker(language)
        self.question, self.name, self.folder = QUESTION[language], name, folder
        self.shots: list[Path] = []

    async def take(self, state: str) -> None:
        await self.reader.page.wait_for_timeout(250)  # colours and formulas come a moment later
        path = self.folder / f"{self.name}-{len(self.shots)}-{state}.png"
        await self.reader.page.screenshot(path=path)
        self.shots.append(path)

    async def states(self) -> None:
        """First look, mid-stream, done, versions, edit, settings, conversations, error, line."""
        reader, model, page = self.reader, self.model, self.reader.page
        await expect(reader.welcome).to_be_visible()
        await self.take("first-look")
        model.text, model.pace = ANSWER + counting(400), 30.0
        await reader.ask(self.question)
        await expect(reader.answer.locator(".code")).to_be_visible()
        await self.take("mid-stream")
        await reader.button(self.say("button_stop")).click()
        await expect(reader.settled.locator(".actions")).to_be_visible()
        model.text, model.pace = ANSWER, 500.0
        await reader.settled.get_by_role("button", name=self.say("button_regenerate")).click()
        await expect(page.locator(".version")).to_have_text("2/2")
        await expect(reader.settled.locator(".hljs-comment")).to_be_visible()
        await self.take("versions")
        await page.locator("#log").evaluate("log => { log.scrollTop = 0 }")
        await self.take("done")
        await page.get_by_role("button", name=self.say("web_edit"), exact=True).first.click()
        await self.take("edit")
        await page.keyboard.press("Escape")
        await reader.button(self.say("web_panel")).click()
        await expect(reader.setting("temperature")).not_to_have_value("")
        await self.take("settings")
        await reader.setting("temperature").fill("7")
        await reader.setting("temperature").press("Enter")
        await expect(page.locator("#set-temperature.wrong")).to_be_visible()
        await self.take("wrong-value")
        await page.locator("#right .close").click()
        await reader.button(self.say("web_why")).first.click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await self.take("why")
        await page.keyboard.press("Escape")
        if await page.locator("#left").is_hidden():
            await page.locator("#open-left").click()
            await self.take("conversations")
            await page.keyboard.press("Escape")
        model.faults.append(Fault(status=401))
        await reader.ask(self.question)
        await expect(page.locator(".message.failed")).to_be_visible()
        await self.take("error")
        await reader.ask("!temperature 0.3")
        await expect(reader.notice).to_be_visible()
        await self.take("notice")

    async def line(self, site: str) -> None:
        """Others are before them at the model."""
        self.model.flowing.clear()
        other = await self.reader.second_tab()
        await other.page.goto(f"{site}/#{'0' * 16}")
        await other.page.reload()
        await other.ask(self.question)
        await expect(other.page.locator(".message.bot.growing")).to_be_visible()
        await self.reader.ask(self.question)
        await expect(self.reader.answer).to_contain_text("⏳")
        await self.take("line")
        await other.page.close()
        self.model.flowing.set()


async def strips(folder: Path, kinds: Sequence[tuple[int, str, str]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright, ModelServer() as model:
        browser = await playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)

        async def visit(url: str, width: int, language: str, scheme: str) -> Reader:
            size = {"width": width, "height": HEIGHTS[width]}
            touch = width < 500
            return await Reader.visit(
                browser, url, locale=language, color_scheme=scheme, viewport=size, has_touch=touch
            )

        with TemporaryDirectory() as place:
            async with site_over(
                model,
                Path(place),
                MODEL_CONCURRENCY="1",
                BOT_USER_QUOTA="1000/hour",
                WEB_ADDRESS_QUOTA="1000/hour",
            ) as site:
                for width, language, scheme in kinds:
                    name = f"{width}-{language}-{scheme}"
                    strip = Strip(
                        await visit(site.url, width, language, scheme), model, language, name, folder
                    )
                    await strip.states()
                    await strip.line(site.url)
                    await first_steps(strip, partial(visit, width=width, language=language, scheme=scheme))
                    sheet(strip.shots, folder / f"sheet-{name}.png")
                    await strip.reader.leave()
                    sys.stdout.write(f"{name}\n")
        await browser.close()


async def first_steps(strip: Strip, visit: Callable[[str], Awaitable[Reader]]) -> None:
    """Of a bot that has no model, for a stranger and for whoever runs it."""
    with TemporaryDirectory() as place:
        port = str(free_port())
        variables = {"WEB_PORT": port, "HTTP_PORT": "0"}
        async with at_terminal("run", folder=Path(place), environment=variables) as window:
            await window.see("for you alone, once:")
            link = (await window.see("\n\n")).strip()
            for url, state in ((f"http://127.0.0.1:{port}/", "dry-run"), (link, "first-steps")):
                strip.reader, before = await visit(url), strip.reader
                await expect(strip.reader.page.locator("#dry")).to_be_visible()
                if url == link:
                    await expect(
                        strip.reader.page.locator(".found :is(button, .server)").first
                    ).to_be_visible()
                await strip.take(state)
                await strip.reader.leave()
                strip.reader = before


def sheet(shots: Sequence[Path], path: Path, *, across: int = 5) -> None:
    """All of them on one picture."""
    images = [Image.open(shot) for shot in shots]
    width, height = images[0].size
    small = (width // 2, height // 2) if width > 500 else (width, height)
    whole = Image.new("RGB", (across * small[0], -(-len(images) // across) * small[1]), "grey")
    for number, image in enumerate(images):
        whole.paste(image.resize(small), (number % across * small[0], number // across * small[1]))
    whole.save(path)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--width", type=int, choices=WIDTHS)
    parser.add_argument("--language", choices=LANGUAGES)
    parser.add_argument("--scheme", choices=SCHEMES)
    told = parser.parse_args()
    kinds = [
        (width, language, scheme)
        for width, language, scheme in product(WIDTHS, LANGUAGES, SCHEMES)
        if told.width in (None, width) and told.language in (None, language) and told.scheme in (None, scheme)
    ]
    asyncio.run(strips(told.folder, kinds))


if __name__ == "__main__":
    main()
