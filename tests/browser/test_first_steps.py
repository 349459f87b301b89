"""From a dry run to an answer of a model, by the page alone."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.browser.reader import Reader
from tests.program import at_terminal
from tests.servers.model import TWENTY_WORDS, ModelServer
from tests.servers.ports import free_port
from tests.terminal import Terminal

pytestmark = pytest.mark.asyncio(loop_scope="session")

Visit = Callable[..., Awaitable[Reader]]


async def link_on(window: Terminal) -> str:
    """The one that the terminal shows for whoever runs the bot."""
    await window.see("for you alone, once:")
    return (await window.see("\n\n")).strip()


async def test_whoever_runs_the_bot_gives_it_a_model_and_nothing_typed_meanwhile_is_lost(
    model: ModelServer, visit: Visit, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    variables = {"WEB_PORT": url.rpartition(":")[2], "HTTP_PORT": "0"}
    async with at_terminal("run", folder=tmp_path, environment=variables) as window:
        link = await link_on(window)
        assert link.startswith(f"{url}/#setup=")
        reader = await visit(link)
        dialog = reader.page.get_by_role("dialog")
        await expect(dialog).to_contain_text("Which model shall answer?")
        assert [each["id"] for each in (await Axe().run(reader.page)).response["violations"]] == []
        await dialog.get_by_label("Its address").fill("127.0.0.1:1")
        await dialog.get_by_role("button", name="Try and use it").first.click()
        await expect(dialog).to_contain_text("No model server answers at 127.0.0.1:1")
        assert [each["id"] for each in (await Axe().run(reader.page)).response["violations"]] == []
        assert not (tmp_path / ".env").exists()
        await dialog.get_by_label("Its address").fill(model.url)
        await dialog.get_by_role("button", name="Try and use it").first.click()
        await expect(dialog).to_be_hidden()
        await expect(reader.page.locator("#dry")).to_be_hidden()
        await expect(reader.page.locator("#question")).to_be_focused()
        await reader.ask("Are you there?")
        await reader.answered(TWENTY_WORDS)
        sent = model.requests[-1].body
        assert sent["max_tokens"] == 1024
        assert sent["seed"] != 42
        await window.see(url)
        assert "once:" not in await window.see("This is the terminal chat.")
    kept = tmp_path / ".env"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert f"MODEL_URL={model.url}\n" in kept.read_text()
    assert link.rpartition("=")[2] not in kept.read_text()


async def test_the_link_opens_once_and_nobody_else_is_let_in(visit: Visit, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    variables = {"WEB_PORT": url.rpartition(":")[2], "HTTP_PORT": "0"}
    async with at_terminal("run", folder=tmp_path, environment=variables) as window:
        link = await link_on(window)
        stranger = await visit(url)
        await expect(stranger.page.locator("#dry")).to_contain_text("mixtral-bot setup")
        await expect(stranger.button("Choose a model")).to_be_hidden()
        operator = await visit(link)
        await expect(operator.page.get_by_role("dialog")).to_be_visible()
        await operator.page.reload()
        await expect(operator.button("Choose a model")).to_be_visible()
        later = await visit(link)
        await expect(later.page.locator("#toast")).to_contain_text("This link has been used")
        for reader in (stranger, later):
            told = await reader.page.evaluate(
                """() => fetch("/en/api/steps/take", { method: "POST", body: '{"url": "http://a.invalid"}' })
                    .then(answer => answer.json())"""
            )
            assert told == {"operator": False}
        assert (await (await stranger.context.request.get(f"{url}/healthz")).json()) == {"alive": True}
