"""What a reader does with a conversation on the page."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from bot.languages import speaker
from tests.browser.reader import Reader
from tests.browser.site import Site
from tests.servers.model import TWENTY_WORDS, Fault, ModelServer, counting

pytestmark = pytest.mark.asyncio(loop_scope="session")

EARLIER = speaker("en")("button_earlier")

Visit = Callable[..., Awaitable[Reader]]


async def test_an_answer_grows_word_by_word_and_stays(site: Site, model: ModelServer, visit: Visit) -> None:
    model.flowing.clear()
    reader = await visit(site.url)
    await reader.ask("Count, please.")
    await expect(reader.questions).to_have_text("Count, please.")
    await expect(reader.answer).to_have_text(re.compile(r"^w0"))
    assert "w1" not in await reader.answer.inner_text()
    model.flowing.set()
    await reader.answered(TWENTY_WORDS)
    await expect(reader.listed).to_have_text(["Count, please."])


async def test_stop_keeps_what_stands_and_ends_the_request(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    model.text, model.pace = counting(500), 20.0
    reader = await visit(site.url)
    await reader.ask("Count far.")
    await expect(reader.answer).to_have_text(re.compile("w5"))
    await reader.button("Stop").click()
    await reader.answered(re.compile("w5.*Stopped", re.DOTALL))
    await expect(reader.button("Stop")).to_be_hidden()
    await model.until(lambda: model.answering == 0)
    assert model.requests[-1].closed_at


async def test_versions_are_leafed_through(site: Site, model: ModelServer, visit: Visit) -> None:
    reader = await visit(site.url)
    model.text = "The first version."
    await reader.ask("Say something.")
    await reader.answered("The first version.")
    model.text = "The second version."
    await reader.button("Regenerate").click()
    await reader.answered("The second version.")
    await expect(reader.page.locator(".version")).to_have_text("2/2")
    await reader.button(EARLIER).click()
    await reader.answered("The first version.")
    await expect(reader.page.locator(".version")).to_have_text("1/2")
    await expect(reader.button(EARLIER)).to_be_disabled()


async def test_an_edited_question_is_answered_anew(site: Site, model: ModelServer, visit: Visit) -> None:
    model.text = lambda asked: "About cats." if "cats" in asked else "About dogs."
    reader = await visit(site.url)
    await reader.ask("Tell me about dogs.")
    await reader.answered("About dogs.")
    await reader.button("Edit").click()
    field = reader.page.get_by_role("textbox", name="Edit")
    await field.fill("Tell me about cats.")
    await field.press("Enter")
    await reader.answered("About cats.")
    await expect(reader.questions).to_have_text(["Tell me about cats."])


async def test_an_answer_that_reached_its_limit_goes_on(site: Site, model: ModelServer, visit: Visit) -> None:
    reader = await visit(site.url)
    model.text = "It begins"
    model.faults.append(Fault(reason="length"))
    await reader.ask("Tell me a story.")
    await expect(reader.answer).to_contain_text("limit of 256 tokens")
    model.text = " and it ends."
    await reader.button("Continue").click()
    await reader.answered("It begins and it ends.")


async def test_an_answer_is_rated_with_a_reason(site: Site, model: ModelServer, visit: Visit) -> None:
    reader = await visit(site.url)
    await reader.ask("How are you?")
    await reader.answered(TWENTY_WORDS)
    await reader.button("Bad answer").click()
    await expect(reader.button("Bad answer")).to_have_attribute("aria-pressed", "true")
    await expect(reader.button("Good answer")).to_have_attribute("aria-pressed", "false")
    await reader.page.locator(".reason input").fill("Only numbers.")
    await reader.button("Say why").click()
    await expect(reader.notice).to_have_text("Thank you, I have noted that and your reason.")
    await reader.page.reload()
    await expect(reader.button("Bad answer")).to_have_attribute("aria-pressed", "true")


async def test_an_answer_is_copied_as_it_was_written(site: Site, model: ModelServer, visit: Visit) -> None:
    model.text = "Say **this**: a < b\n\n```python\nprint('<b>')\n```"
    reader = await visit(site.url, permissions=["clipboard-read", "clipboard-write"])
    await reader.ask("Show me code.")
    await expect(reader.answer.locator("code")).to_have_text("print('<b>')\n")
    await expect(reader.settled).to_be_visible()
    await reader.settled.locator(".actions").get_by_role("button", name="Copy").click()
    assert await reader.page.evaluate("navigator.clipboard.readText()") == model.text
    await reader.answer.get_by_role("button", name="Copy").click()
    assert await reader.page.evaluate("navigator.clipboard.readText()") == "print('<b>')\n"
    await expect(reader.answer.locator("code .hljs-built_in")).to_have_text("print")


async def test_conversations_stand_beside_each_other_and_can_be_deleted(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    reader = await visit(site.url)
    await reader.ask("The first conversation.")
    await reader.answered(TWENTY_WORDS)
    await reader.button("New conversation").click()
    await expect(reader.welcome).to_be_visible()
    await reader.ask("The second conversation.")
    await reader.answered(TWENTY_WORDS)
    await expect(reader.listed).to_have_text(["The second conversation.", "The first conversation."])
    await reader.button("The first conversation.").click()
    await expect(reader.questions).to_have_text(["The first conversation."])
    delete = reader.button("Delete “The first conversation.”")
    await delete.click()
    await expect(reader.listed).to_have_text(["The second conversation."])
    await reader.button("Undo").click()
    await expect(reader.listed).to_have_count(2)
    await delete.click()
    await expect(reader.welcome).to_be_visible()
    await reader.page.reload()
    await expect(reader.listed).to_have_text(["The second conversation."])


async def test_everything_is_exported_and_deleted(site: Site, model: ModelServer, visit: Visit) -> None:
    reader = await visit(site.url)
    await reader.ask("Remember the word walrus.")
    await reader.answered(TWENTY_WORDS)
    await reader.page.get_by_text("Your data").click()
    await reader.button("Export everything").click()
    async with reader.page.expect_download() as download:
        await reader.page.locator("a.file").click()
    content = (await (await download.value).path()).read_text()
    assert "Remember the word walrus." in content
    assert TWENTY_WORDS in content
    await reader.button("Delete everything").first.click()
    await reader.page.locator(".notice").get_by_role("button", name="Delete everything").click()
    await expect(reader.notice).to_contain_text("Deleted")
    await expect(reader.questions).to_have_count(0)
    await reader.page.reload()
    await expect(reader.welcome).to_be_visible()
    await expect(reader.listed).to_have_count(0)


async def test_a_page_that_is_reloaded_in_mid_answer_goes_on(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    model.text, model.pace = counting(60), 15.0
    reader = await visit(site.url)
    await reader.ask("Count slowly.")
    await expect(reader.answer).to_have_text(re.compile("w5"))
    await reader.page.reload()
    await expect(reader.questions).to_have_text(["Count slowly."])
    await expect(reader.answer).to_have_text(re.compile("w10"))
    await reader.answered(counting(60))
    assert len(model.requests) == 1


async def test_a_second_tab_sees_the_same_and_can_stop_it(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    model.text, model.pace = counting(500), 20.0
    reader = await visit(site.url)
    await reader.ask("Count for two.")
    await expect(reader.answer).to_have_text(re.compile("w5"))
    tab = await reader.second_tab()
    await expect(tab.questions).to_have_text(["Count for two."])
    await expect(tab.answer).to_have_text(re.compile("w10"))
    await tab.button("Stop").click()
    for each in (reader, tab):
        await each.answered(re.compile("w10.*Stopped", re.DOTALL))
        await expect(each.button("Stop")).to_be_hidden()
    assert len(model.requests) == 1


async def test_what_was_said_is_still_there_for_who_comes_back_to_the_tab(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    reader = await visit(site.url)
    await reader.ask("!temperature 7")
    await expect(reader.notice).to_contain_text("from 0 to 2")
    tab = await reader.second_tab()
    await tab.ask("And now?")
    await tab.answered(TWENTY_WORDS)
    await reader.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await reader.answered(TWENTY_WORDS)
    await expect(reader.notice).to_contain_text("from 0 to 2")


async def test_words_with_a_mark_before_them_do_what_they_do_everywhere(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    reader = await visit(site.url)
    await reader.ask("!temperature 7")
    await expect(reader.notice).to_contain_text("from 0 to 2")
    await reader.button("Close").click()
    await expect(reader.notice).to_have_count(0)
    assert model.requests == []


async def test_a_fault_of_the_model_is_said_in_words(site: Site, model: ModelServer, visit: Visit) -> None:
    model.faults.extend([Fault(status=401)])
    reader = await visit(site.url)
    await reader.ask("Anybody there?")
    await expect(reader.answer).to_contain_text("does not accept this bot's access token")
    await expect(reader.button("Stop")).to_be_hidden()


async def test_what_is_followed_to_its_end_stays_there_when_formulas_come(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    model.text, model.pace = "\n\n".join([r"$$\int_0^1 \frac{x}{2}\,dx$$"] * 12), 5000.0
    reader = await visit(site.url, viewport={"width": 390, "height": 500})
    await reader.ask("Show me.")
    await expect(reader.answer.locator(".math .katex-display")).to_have_count(12)
    await expect(reader.page.get_by_role("button", name="Why this answer")).to_be_in_viewport(ratio=1)
