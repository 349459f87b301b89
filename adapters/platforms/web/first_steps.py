"""The first steps on the page: only the browser in which the terminal's link was opened may take them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.finding import Verdict
from adapters.first_steps import FirstSteps, ModelChoice
from adapters.platforms.web.draw import Json
from adapters.platforms.web.variables import loopback
from adapters.platforms.web.visitors import Visitor


@dataclass(slots=True, kw_only=True)
class StepsOnPage:
    """`steps`: `None` where nobody can take any. Whose they are is known until the bot starts again."""

    steps: FirstSteps | None = None
    _browsers: set[str] = field(default_factory=set)

    async def done(self, what: str, visitor: Visitor, told: Mapping[str, str]) -> Json:
        """What comes of it; `{"operator": False}` for everybody else."""
        if self.steps is None or not loopback(visitor.address):
            return {"operator": False}
        if self.steps.opens(told.get("key", "")):
            self._browsers.add(visitor.browser)
        if visitor.browser not in self._browsers:
            return {"operator": False}
        match what.rpartition("/")[2]:
            case "look":
                servers = await self.steps.here()
                return {
                    "operator": True,
                    "servers": [
                        {"title": each.title, "url": each.url, "models": list(each.models)}
                        for each in servers
                    ],
                }
            case "take":
                return await self._take(self.steps, told)
            case _:
                return {"operator": True}

    def follow(self) -> None:
        """Once the browser has been told: start again, where there is a model now."""
        if self.steps is not None:
            self.steps.restart()

    async def _take(self, steps: FirstSteps, told: Mapping[str, str]) -> Json:
        found = await steps.take(
            ModelChoice(
                url=told.get("url", "").strip(),
                key=told.get("api_key", "").strip(),
                model=told.get("model", "").strip(),
                token=told.get("token", "").strip(),
                longer=told.get("longer") == "yes",
            )
        )
        worst = any(each.verdict is Verdict.WRONG for each in found)
        said = [
            {"text": each.text, "remedy": each.remedy} for each in found if each.verdict is not Verdict.OK
        ]
        return {"operator": True, "taken": not worst, "findings": said}
