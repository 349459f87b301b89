"""Asks a person at the terminal, or takes the answers that options gave."""

import asyncio
import os
import sys
import webbrowser
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from getpass import getpass
from typing import NoReturn

from rich.console import Console
from rich.prompt import Confirm, Prompt

from adapters.configuration import Settings, unfit
from adapters.finding import Finding, Verdict
from adapters.operator.doctor import report
from adapters.operator.doctor.doctor import in_time
from adapters.operator.doctor.lookups import Abandoned
from bot.errors import MixtralBotError

Check = Callable[[str], Awaitable[list[Finding]]]

FROM_INPUT = "-"
"""A secret given as this is the next line of the standard input: other users see a program's options."""


class Unanswered(MixtralBotError):
    """Nobody can be asked, and no option answers well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """`asks`: somebody is there to answer. `takes_defaults`: what has a default needs no answer.

    `environ` says whether there is a display, `settings` what values must be.
    """

    console: Console
    asks: bool
    takes_defaults: bool
    environ: Mapping[str, str]
    settings: type[Settings]

    def say(self, text: str) -> None:
        """A line or several."""
        self.console.print(text, markup=False, soft_wrap=True)

    def step(self, title: str) -> None:
        """What is asked about from here on."""
        self.console.print(f"\n[bold]{title}[/bold]")

    def show(self, findings: Sequence[Finding]) -> None:
        """What a check found."""
        self.console.print(report.body(findings), soft_wrap=True, end="")

    def page(self, url: str, *, opened: str = "") -> None:
        """A page to go to; a browser shows it (or `opened`, with more filled in) where there is one."""
        self.say(f"  {url}")
        if self.asks and displayed(self.environ):
            webbrowser.open(opened or url)

    def sure(self, question: str, *, option: str, default: bool) -> bool:
        """Yes or no."""
        if self.asks:
            return Confirm.ask(question, console=self.console, default=default)
        self._take(question, "yes" if default else "no", option)
        return default

    def one_of(self, question: str, choices: Sequence[str], *, option: str, default: str) -> str:
        """One of a few words."""
        if self.asks:
            return Prompt.ask(question, console=self.console, choices=list(choices), default=default)
        self._take(question, default, option)
        return default

    def several(self, question: str, choices: Sequence[str], *, default: str) -> list[str]:
        """Some of a few words; a person is there."""
        while True:
            typed = Prompt.ask(f"{question} ({', '.join(choices)})", console=self.console, default=default)
            words = [word.strip().lower() for word in typed.split(",") if word.strip()]
            unknown = [word for word in words if word not in choices]
            if words and not unknown:
                return words
            self.say(f"{', '.join(unknown) or 'Nothing'} is none of them.")

    def text(self, question: str, *, option: str, default: str) -> str:
        """Something typed."""
        if self.asks:
            return Prompt.ask(question, console=self.console, default=default).strip()
        self._take(question, default, option)
        return default

    def secret(self, name: str, *, given: str, kept: str, option: str, check: Check, begins: str = "") -> str:
        """The variable `name`: as `given`, or typed unseen until it is right, or as it is `kept`.

        `check` asks the server that it is for; it `begins` like this. Raises `Unanswered`.
        """
        while True:
            typed = _from_input() if given == FROM_INPUT else given or self._typed(name, kept, option)
            given = ""
            value = self._cleaned(typed)
            if not value:
                self.say(f"Nothing was typed, and this needs {name}. Ctrl-C ends, and nothing is written.")
            elif wrong := unfit(self.settings, name, value):
                self.say(wrong)
            elif not value.startswith(begins):
                self.say(f"{name} begins with {begins}: this is another kind of token.")
            elif self.passes(name, check(value)):
                return value
            self.require_person(option)

    def passes(self, name: str, check: Awaitable[list[Finding]]) -> bool:
        """Whether what the check finds will do, for the person too. It is shown."""
        found = checked(name, check)
        self.show(found)
        if report.worst(found) is not Verdict.WRONG:
            return True
        return self.asks and Confirm.ask("Take it all the same?", console=self.console, default=False)

    def require_person(self, option: str) -> None:
        """Nothing, where somebody can answer anew. Raises `Unanswered` where nobody can."""
        if not self.asks:
            raise Unanswered(f"{option} was not accepted. Nothing was written.")

    def _typed(self, name: str, kept: str, option: str) -> str:
        if not self.asks:
            return kept or self._missing(option, name)
        enter = ", Enter keeps the one that is there" if kept else ""
        # Not rich's own: that one shows the prompt while what is typed can still be seen.
        return getpass(f"{name} (it stays unseen{enter}): ") or kept

    def _cleaned(self, typed: str) -> str:
        """Without what comes along when one copies; a word about each."""
        value = typed.strip()
        if value != typed:
            self.say("There was a blank before or after it: left out.")
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1].strip()
            self.say("There were quotes around it: left out.")
        return value

    def _take(self, question: str, default: str, option: str) -> None:
        """Say which answer nobody was asked for. Raises `Unanswered` where none is taken unasked."""
        if not self.takes_defaults:
            self._missing(option, question)
        self.say(f"{question} {default}")

    def _missing(self, option: str, question: str) -> NoReturn:
        raise Unanswered(
            f"{option} is missing, and nobody is there to be asked: {question} Nothing was written."
        )


def checked(name: str, check: Awaitable[list[Finding]]) -> list[Finding]:
    """What the check finds, in the doctor's time."""

    async def run() -> list[Finding]:
        asyncio.get_running_loop().set_default_executor(Abandoned())
        return await in_time(name.lower(), check)

    return asyncio.run(run())


def displayed(environ: Mapping[str, str]) -> bool:
    """Whether a browser can be seen here."""
    if environ.get("SSH_CONNECTION"):
        return False
    return sys.platform == "darwin" or any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _from_input() -> str:
    return sys.stdin.readline().removesuffix(os.linesep)
