"""What an operator has of the line protocol: a start, a check, a question at setup."""

import asyncio

from adapters.finding import Checks, Finding, ok, wrong
from adapters.registration import Answers, Built, Interview, Needs
from tests.platform_elsewhere import LineVariables
from tests.platform_elsewhere.platform import HOST, LinePlatform

PORT = "7070"


def build(needs: Needs[LineVariables]) -> Built:
    """The platform."""
    return Built(platform=LinePlatform(needs.variables.lines_port))


def checks(variables: LineVariables) -> Checks:
    """Whether its port can be had."""
    return Checks(checks={"lines": check(variables.lines_port)})


async def check(port: int) -> list[Finding]:
    try:
        server = await asyncio.start_server(lambda _, person: person.close(), HOST, port)
    except OSError:
        return [wrong("lines", f"Port {port} can't be listened on.", "Set LINES_PORT to another.")]
    server.close()
    return [ok("lines", f"Port {port} is free.")]


def ask(interview: Interview, answers: Answers) -> dict[str, str]:
    """Whether it is wanted."""
    interview.step("Lines")
    before = answers.kept.get("LINES_PORT", "")
    wanted = answers.wanted
    if wanted is None:
        wanted = interview.sure("Shall the bot answer lines?", option="--lines or --no-lines", default=False)
    return {"LINES_PORT": (before or PORT) if wanted else ""}
