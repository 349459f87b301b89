"""The page as it comes to a browser, and what its scripts ask and tell, behind the gateway and its guard."""

import gzip
import json
import re
from typing import Any

import pytest

from adapters.platforms.web.actions import Actions
from adapters.platforms.web.front import Front
from adapters.platforms.web.gateway import TOLD, VISITOR
from adapters.platforms.web.index import Index
from adapters.platforms.web.pictures import Listeners, Pictures
from adapters.platforms.web.policy import PAGE_POLICY, POLICY
from adapters.platforms.web.responses import ReceiveMessage, Scope, Send
from adapters.platforms.web.visitors import Visitor
from bot.conversation.events import Edited, Said
from tests.adapters.web.requests import Answer, request
from tests.fakes.receiver import Receiver


class Page:
    """The front alone, for one visitor who is known."""

    def __init__(self, *, named: bool = False) -> None:
        self.bot = Receiver(answers=True)
        actions = Actions(receive=self.bot.receive)
        self.index = Index(named=named, history_days=30)
        self.front = Front(
            actions=actions,
            pictures=Pictures(bot=self.bot, actions=actions, listeners=Listeners()),
            index=self.index,
            pulse=15,
        )

    async def get(self, path: str, **more: Any) -> Answer:
        return await request(self._app({}), path, **more)

    async def tell(self, what: str, told: dict[str, Any]) -> Any:
        answer = await request(self._app(told), f"/en/api/{what}", method="POST")
        assert answer.status == 200
        return json.loads(answer.text)

    def _app(self, told: dict[str, Any]) -> Any:
        async def app(scope: Scope, receive: ReceiveMessage, send: Send) -> None:
            await self.front({**scope, VISITOR: Visitor(browser="b1"), TOLD: told}, receive, send)

        return app


@pytest.mark.parametrize("path", ["/en/", "/en", "/es/"])
async def test_the_page_speaks_its_language_and_nothing_of_it_is_kept(path: str) -> None:
    answer = await Page().get(path)
    assert answer.status == 200
    assert f'<html lang="{path[1:3]}">' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == PAGE_POLICY


async def test_no_script_stands_in_the_page_and_all_that_it_names_is_there() -> None:
    page = Page()
    answer = await page.get("/en/")
    scripts = re.findall(r"<script([^>]*)>([^<]*)</script>", answer.text)
    assert [attributes for attributes, text in scripts if text] == [' type="application/json" id="told"']
    assert not re.search(r"\son\w+=|\sstyle=|<style", answer.text)
    named = re.findall(r'(?:src|href)="(/assets/[^"]+)"', answer.text)
    assert len(named) > 3
    for path in named:
        file = await page.get(path)
        assert (file.status, file.headers["content-security-policy"]) == (200, POLICY)
        assert "immutable" in file.headers["cache-control"]


async def test_a_phrase_can_not_end_the_element_that_it_stands_in() -> None:
    text = (await Page().get("/en/")).text
    told = re.search(r'id="told">(.*?)</script>', text)
    assert told is not None
    assert "<" not in told[1]
    said = json.loads(told[1])
    assert (said["language"], said["named"], said["say"]["web_send"]) == ("en", False, "Send")
    assert "30 days" in said["kept"]


@pytest.mark.parametrize(
    "name", ["page.html", "login.html", "__init__.py", "../front.py", "vendor/vendored.json", "x.js", ""]
)
async def test_no_other_file_is_given_out(name: str) -> None:
    page = Page()
    assert (await page.get(f"/assets/{page.index.mark}/{name}")).status == 404


async def test_a_file_of_another_version_is_none() -> None:
    assert (await Page().get("/assets/0123456789abcdef/page.css")).status == 404


async def test_the_first_load_is_small() -> None:
    page = Page()
    html = (await page.get("/en/")).text
    scripts = [name for name in page.index.assets if name.startswith("js/")]
    first = ["page.css", "messages.css", "vendor/markdown-it.min.js", "vendor/purify.min.js", *scripts]
    sent = sum(len(page.index.assets[name].packed) for name in first) + len(gzip.compress(html.encode()))
    assert sent < 100_000
    assert "katex" not in html
    assert "highlight" not in html


async def test_a_browser_that_takes_gzip_gets_it() -> None:
    page = Page()
    path = f"/assets/{page.index.mark}/page.css"
    plain = await page.get(path)
    assert "content-encoding" not in plain.headers
    assert plain.text == page.index.assets["page.css"].content.decode()


async def test_a_question_is_asked_in_the_conversation_that_is_named() -> None:
    page = Page()
    told = await page.tell("ask", {"conversation": "c1", "text": "Why?", "id": "0123456789abcdef"})
    assert told == {"conversation": "c1", "notice": None}
    event = page.bot.events.get_nowait()
    assert isinstance(event, Said)
    assert (event.id, event.text, event.channel.channel) == ("0123456789abcdef", "Why?", "b1:c1")


async def test_a_question_is_edited() -> None:
    page = Page()
    await page.tell("edit", {"conversation": "c1", "target": "0123456789abcdef", "text": "Why not?"})
    event = page.bot.events.get_nowait()
    assert isinstance(event, Edited)
    assert (event.message.id, event.message.text) == ("0123456789abcdef", "Why not?")


@pytest.mark.parametrize(
    "told", [{}, {"text": 7}, {"text": None, "conversation": ["c1"]}, {"text": " ", "conversation": "../x"}]
)
async def test_what_is_no_text_is_not_asked(told: dict[str, Any]) -> None:
    page = Page()
    assert (await page.tell("ask", told))["notice"] is None
    assert page.bot.events.empty()


async def test_settings_are_saved_and_read() -> None:
    page = Page()
    told = await page.tell("save", {"changes": {"temperature": "0.3"}})
    assert told["notice"]["outcome"] == "done"
    values = json.loads((await page.get("/en/api/settings")).text)
    assert (values["typed"]["temperature"], values["own"]) == ("0.3", ["temperature"])


@pytest.mark.parametrize("given", ["x", ["temperature"], None, {"temperature": 7}])
async def test_changes_that_are_none_change_nothing(given: object) -> None:
    page = Page()
    await page.tell("save", {"changes": given})
    values = json.loads((await page.get("/en/api/settings")).text)
    assert values["own"] == []


async def test_a_setting_that_can_not_be_is_refused_in_words() -> None:
    told = await Page().tell("save", {"changes": {"temperature": "7"}})
    assert (told["notice"]["outcome"], list(told["notice"]["wrong"])) == ("refused", ["temperature"])
