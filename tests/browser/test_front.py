"""What people expect of a page to chat on: phones, keys, formulas, files, search, and nothing lost."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import FilePayload, expect

from tests.browser.reader import Reader
from tests.browser.site import Site, site_over
from tests.scenarios.bot_process import kill
from tests.servers.model import TWENTY_WORDS, Fault, ModelServer, counting
from tests.servers.ports import free_port

pytestmark = pytest.mark.asyncio(loop_scope="session")

Visit = Callable[..., Awaitable[Reader]]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}

RICH = r"""A formula \(a^2\), a price of $5 and $6, and one alone:

$$
\int_0^1 x\,dx
$$

- [ ] to do
- [x] done

| name | value |
|------|------:|
| one | 1 |
"""


async def test_a_phone_shows_the_chat_first_with_room_for_a_finger(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    reader = await visit(site.url, **PHONE)
    await expect(reader.welcome).to_be_visible()
    for side in ("#left", "#right"):
        await expect(reader.page.locator(side)).to_be_hidden()
    await expect(reader.page.locator("#question")).to_be_in_viewport(ratio=1)
    await reader.ask("Small?")
    await reader.answered(TWENTY_WORDS)
    await reader.button("Your conversations").click()
    small = await reader.page.evaluate(
        """() => [...document.querySelectorAll("button")]
            .map(button => [button.getBoundingClientRect(), button.outerHTML.slice(0, 90)])
            .filter(([box]) => box.width && (box.width < 43.9 || box.height < 43.9)).map(each => each[1])"""
    )
    assert small == []
    await reader.page.keyboard.press("Escape")
    await expect(reader.page.locator("#left")).to_be_hidden()
    await expect(reader.button("Your conversations")).to_be_focused()


async def test_the_first_load_is_small_and_asks_for_what_is_needed_alone(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    reader = await visit(site.url)
    await expect(reader.welcome).to_be_visible()
    loaded = await reader.page.evaluate(
        "performance.getEntriesByType('resource').map(each => [each.name, each.transferSize])"
    )
    assert sum(size for _, size in loaded) < 120_000
    assert [name for name, _ in loaded if "katex" in name or "highlight" in name] == []


async def test_formulas_tasks_and_tables_are_drawn_from_our_own_files(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    model.text = RICH
    reader = await visit(site.url)
    await reader.ask("Show me.")
    await expect(reader.answer.locator(".math .katex")).to_have_count(2)
    await expect(reader.answer.locator(".math.display .katex-display")).to_be_visible()
    await expect(reader.answer).to_contain_text("a price of $5 and $6")
    await expect(reader.answer.locator("li")).to_have_text(["☐ to do", "☑ done"])
    cell = reader.answer.locator("td").nth(1)
    assert await cell.evaluate("cell => getComputedStyle(cell).textAlign") == "right"


async def test_nothing_half_is_seen_while_it_is_written(site: Site, model: ModelServer, visit: Visit) -> None:
    model.text = (
        "See [the whole page](https://example.org/a/long/address) and **bold words** here.\n\n" + RICH
    )
    model.pace = 25.0
    reader = await visit(site.url)
    await expect(reader.welcome).to_be_visible()
    await reader.page.evaluate(
        """() => {
            window.seen = [];
            new MutationObserver(() => window.seen.push(
                document.querySelector(".message.bot > .body")?.innerText ?? ""
            )).observe(document.getElementById("log"), { subtree: true, childList: true });
        }"""
    )
    await reader.ask("Show me.")
    await expect(reader.settled.locator(".actions")).to_be_visible()
    seen = await reader.page.evaluate("window.seen")
    assert len(seen) > 5
    assert [text for text in seen if re.search(r"\]\(|\[the|\*\*|\|\s*-|\$\$|\\\(", text)] == []


async def test_what_stands_stays_the_same_elements_while_more_is_written(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    model.text, model.pace = f"A first paragraph.\n\n{counting(100)}", 30.0
    reader = await visit(site.url)
    await reader.ask("Grow.")
    await expect(reader.answer).to_contain_text("w3")
    await reader.answer.locator("p").first.evaluate("element => { element.kept = true }")
    await expect(reader.answer).to_contain_text("w9")
    assert await reader.answer.locator("p").first.evaluate("element => element.kept") is True


async def test_escape_stops_and_an_arrow_edits_the_last_question(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    model.text, model.pace = counting(500), 20.0
    reader = await visit(site.url)
    await reader.ask("Count far.")
    await expect(reader.answer).to_contain_text("w5")
    await expect(reader.button("Send")).to_be_hidden()
    await reader.page.keyboard.press("Escape")
    await reader.answered(re.compile("w5.*Stopped", re.DOTALL))
    await expect(reader.button("Send")).to_be_visible()
    model.text, model.pace = "Done.", 200.0
    await reader.page.locator("#question").press("ArrowUp")
    field = reader.page.get_by_role("textbox", name="Edit")
    await expect(field).to_be_focused()
    await field.press("Escape")
    await expect(reader.questions).to_have_text(["Count far."])
    await reader.page.keyboard.press("?")
    await expect(reader.page.get_by_role("dialog")).to_contain_text("Shift+Enter")


async def test_an_earlier_question_is_edited_and_says_that_it_asks_again(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    model.text = lambda asked: f"You said {len(asked)}."
    reader = await visit(site.url)
    for text in ("One.", "Two."):
        await reader.ask(text)
        await expect(reader.questions.last).to_have_text(text)
        await expect(reader.settled.locator(".actions")).to_be_visible()
        await expect(reader.button("Stop")).to_be_hidden()
    await reader.page.get_by_role("button", name="Edit").first.click()
    await expect(reader.page.locator(".message.user").first).to_contain_text("This asks again.")
    field = reader.page.get_by_role("textbox", name="Edit")
    await field.fill("First of all.")
    await field.press("Enter")
    await expect(reader.questions).to_have_text(["First of all.", "Two."])


async def test_a_question_that_is_asked_while_the_bot_is_away_is_sent_when_it_is_back(
    model: ModelServer, visit: Visit, tmp_path: Path
) -> None:
    port = free_port()
    async with site_over(model, tmp_path, port=port) as site:
        reader = await visit(site.url)
        await reader.ask("Before.")
        await reader.answered(TWENTY_WORDS)
        await kill(site.process)
    await reader.ask("While you were away?")
    await expect(reader.page.locator("#away")).to_contain_text("Your question is kept")
    async with site_over(model, tmp_path, port=port):
        await expect(reader.questions).to_have_text(["Before.", "While you were away?"], timeout=60_000)
        await reader.answered(TWENTY_WORDS)
        await expect(reader.page.locator("#away")).to_be_hidden()
    assert len(model.requests) == 2


async def test_what_is_typed_is_still_there_after_a_reload(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    reader = await visit(site.url)
    await reader.page.locator("#question").fill("Half a thought")
    await reader.page.reload()
    await expect(reader.page.locator("#question")).to_have_value("Half a thought")


async def test_a_file_of_text_is_read_and_one_that_is_none_is_not(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    reader = await visit(site.url)
    files: list[FilePayload] = [
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Remember the milk."},
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\x00\x01"},
    ]
    await reader.page.locator("#chosen").set_input_files(files)
    await expect(reader.page.locator("#files li")).to_have_count(1)
    await expect(reader.page.locator("#files")).to_contain_text("notes.txt: 18 characters read")
    await expect(reader.page.locator("#toast")).to_contain_text("photo.jpg is no text")
    await reader.ask("What is in it?")
    await reader.answered(TWENTY_WORDS)
    assert "Remember the milk." in str(model.requests[-1].body)
    await expect(reader.page.locator("#files li")).to_have_count(0)


async def test_a_conversation_is_found_by_what_was_answered_in_it(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    reader = await visit(site.url)
    for question, answer in (("Of birds.", "The kingfisher."), ("Of fish.", "The halibut.")):
        model.text = answer
        await reader.button("New conversation").click()
        await reader.ask(question)
        await reader.answered(answer)
    await expect(reader.listed).to_have_count(2)
    await reader.page.locator("#search").fill("kingfisher")
    await expect(reader.listed).to_have_text(["Of birds."])
    await reader.page.locator("#search").fill("")
    await expect(reader.listed).to_have_count(2)


async def test_a_conversation_is_taken_along(site: Site, model: ModelServer, visit: Visit) -> None:
    reader = await visit(site.url)
    await reader.ask("Why?")
    await reader.answered(TWENTY_WORDS)
    await reader.button("Download this conversation").click()
    async with reader.page.expect_download() as download:
        await reader.button("Markdown").click()
    content = (await (await download.value).path()).read_text()
    assert content == f"## You\n\nWhy?\n\n## Mixtral\n\n{TWENTY_WORDS}\n"


async def test_why_an_answer_is_as_it_is_stands_in_a_panel(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    reader = await visit(site.url)
    await reader.ask("Why?")
    await reader.answered(TWENTY_WORDS)
    await reader.button("Why this answer").click()
    await expect(reader.page.get_by_role("dialog")).to_contain_text("temperature")
    await reader.page.keyboard.press("Escape")
    await expect(reader.button("Why this answer")).to_be_focused()


async def test_a_fault_looks_like_one_and_can_be_tried_again(
    site: Site, model: ModelServer, visit: Visit
) -> None:
    model.faults.append(Fault(status=401))
    reader = await visit(site.url)
    await reader.ask("Anybody there?")
    await expect(reader.page.locator(".message.failed")).to_contain_text("access token")
    await reader.button("Try again").click()
    await reader.answered(TWENTY_WORDS)
    await expect(reader.page.locator(".message.failed")).to_have_count(0)


async def test_who_hears_the_page_hears_sentences(site: Site, model: ModelServer, visit: Visit) -> None:
    model.text, model.pace = "One sentence. Another one. The last.", 8.0
    reader = await visit(site.url)
    await expect(reader.welcome).to_be_visible()
    await reader.page.evaluate(
        """() => {
            window.heard = [];
            const place = document.getElementById("spoken");
            const hear = () => window.heard.push(place.textContent);
            new MutationObserver(hear).observe(place, { childList: true });
        }"""
    )
    await reader.ask("Speak.")
    await expect(reader.page.locator("#spoken")).to_have_text(re.compile(r"The last\.$"))
    heard = await reader.page.evaluate("window.heard")
    assert heard[0] == "Mixtral is thinking."
    assert " ".join(heard[1:]) == model.text


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_at_all_in_any_state(
    site: Site, model: ModelServer, visit: Visit, scheme: str
) -> None:
    model.text = RICH + "\n\n```python\nprint('x')  # y\n```\n"
    reader = await visit(site.url, color_scheme=scheme)
    await expect(reader.welcome).to_be_visible()
    found = await _violations(reader)
    await reader.ask("Show me.")
    await expect(reader.settled.locator(".actions")).to_be_visible()
    await expect(reader.answer.locator(".hljs-comment")).to_be_visible()
    found += await _violations(reader)
    await reader.open_settings()
    found += await _violations(reader)
    await reader.button("Edit").click()
    found += await _violations(reader)
    await reader.page.keyboard.press("Escape")
    await reader.ask("!temperature 7")
    await expect(reader.notice).to_be_visible()
    found += await _violations(reader)
    await reader.button("Why this answer").click()
    await expect(reader.page.get_by_role("dialog")).to_be_visible()
    found += await _violations(reader)
    assert found == []


async def _violations(reader: Reader) -> list[str]:
    result = await Axe().run(reader.page)
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:150] for node in each['nodes']]}"
        for each in result.response["violations"]
    ]
