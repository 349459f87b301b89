"""Who may take the first steps on the page, and what the browser hears of them."""

from collections.abc import Sequence

from adapters.finding import Finding, ok, wrong
from adapters.first_steps import ModelChoice, ServerHere
from adapters.platforms.web.first_steps import StepsOnPage
from adapters.platforms.web.variables import WebVariables, first_steps
from adapters.platforms.web.visitors import Visitor

OPEN, LOOK, TAKE = "api/steps/open", "api/steps/look", "api/steps/take"
ADA = Visitor(browser="ada", address="127.0.0.1")
BOB = Visitor(browser="bob", address="127.0.0.1")


class Fake:
    """Its key is "right", and opens once; one server answers."""

    def __init__(self) -> None:
        self.taken: list[ModelChoice] = []
        self.restarted = 0
        self._opened = False

    def opens(self, key: str) -> bool:
        right = key == "right" and not self._opened
        self._opened = self._opened or right
        return right

    async def here(self) -> Sequence[ServerHere]:
        return [ServerHere(title="Ollama", url="http://127.0.0.1:11434", models=("mixtral",))]

    async def take(self, choice: ModelChoice) -> Sequence[Finding]:
        self.taken.append(choice)
        return [ok("model", "Well.")] if "good" in choice.url else [wrong("model", "No.", "Another.")]

    def restart(self) -> None:
        self.restarted += 1


async def test_the_browser_that_has_shown_the_key_may_go_on_and_no_other() -> None:
    page = StepsOnPage(steps=Fake())
    for what in (OPEN, LOOK, TAKE):
        assert await page.done(what, ADA, {"key": "wrong"}) == {"operator": False}
    assert await page.done(OPEN, ADA, {"key": "right"}) == {"operator": True}
    assert await page.done(OPEN, BOB, {"key": "right"}) == {"operator": False}
    assert await page.done(LOOK, BOB, {}) == {"operator": False}
    assert await page.done(LOOK, ADA, {}) == {
        "operator": True,
        "servers": [{"title": "Ollama", "url": "http://127.0.0.1:11434", "models": ["mixtral"]}],
    }


async def test_nobody_from_another_machine_may_though_they_have_the_key() -> None:
    page = StepsOnPage(steps=Fake())
    afar = Visitor(browser="ada", address="192.168.1.7")
    assert await page.done(OPEN, afar, {"key": "right"}) == {"operator": False}


async def test_what_is_wrong_is_said_with_its_remedy_and_what_is_well_is_not() -> None:
    steps = Fake()
    page = StepsOnPage(steps=steps)
    await page.done(OPEN, ADA, {"key": "right"})
    told = {"url": " http://bad ", "longer": "yes", "api_key": "k"}
    assert await page.done(TAKE, ADA, told) == {
        "operator": True,
        "taken": False,
        "findings": [{"text": "No.", "remedy": "Another."}],
    }
    assert steps.taken == [ModelChoice(url="http://bad", key="k", longer=True)]
    assert await page.done(TAKE, ADA, {"url": "http://good"}) == {
        "operator": True,
        "taken": True,
        "findings": [],
    }


async def test_without_first_steps_there_is_nobody_who_may() -> None:
    page = StepsOnPage()
    assert await page.done(OPEN, ADA, {"key": ""}) == {"operator": False}
    page.follow()


def test_the_link_leads_to_this_machine_alone_and_no_server_hears_its_key() -> None:
    assert first_steps(WebVariables.model_validate({}), "k") == "http://127.0.0.1:7860/#setup=k"
    for elsewhere in ({"web_port": 0}, {"web_host": "0.0.0.0"}, {"web_url": "https://chat.example.com"}):
        assert first_steps(WebVariables.model_validate(elsewhere), "k") == ""
