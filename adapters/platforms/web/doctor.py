"""The page: whether it can be served at its address."""

from http import HTTPStatus

import aiohttp

from adapters.finding import Checks, Finding, ok, warning, wrong
from adapters.platforms.web.listening import AddressTaken, listening
from adapters.platforms.web.variables import WebVariables, address
from bot.languages import languages

REDIRECTIONS = (HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT)
ANSWER = aiohttp.ClientTimeout(total=1.0)


def checks(settings: WebVariables) -> Checks:
    """As `Registration.checks` says."""
    return Checks(checks={"page": _check(settings)})


async def _check(settings: WebVariables) -> list[Finding]:
    """Listen there for a moment; where somebody does already, see whether that is a page like this one."""
    name, url = "page", address(settings)
    try:
        listening(settings.web_host, settings.web_port).close()
    except AddressTaken as taken:
        if await _is_a_page(url):
            remedy = (
                "If it is this bot's, all is well. A second one needs another WEB_PORT, or 0 for no page."
            )
            return [warning(name, f"A bot's page is at {url} already.", remedy)]
        return [wrong(name, taken.what, taken.remedy)]
    return [ok(name, f"{url} is free.")]


async def _is_a_page(url: str) -> bool:
    """A page like ours sends whoever comes to the one in their language, or to log in."""
    try:
        async with (
            aiohttp.ClientSession(timeout=ANSWER) as session,
            session.get(url, allow_redirects=False) as response,
        ):
            there = response.headers.get("Location", "")
            if response.status not in REDIRECTIONS:
                return False
            return there == "/login" or there.strip("/") in languages()
    except (aiohttp.ClientError, OSError, TimeoutError):
        return False
