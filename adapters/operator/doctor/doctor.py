"""Runs all the checks side by side, each with a deadline."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Mapping
from pathlib import Path

from discord.http import Route
from pydantic import SecretStr
from rich.console import Console
from slack_sdk.web.async_client import AsyncWebClient

from adapters.composition.models import entries
from adapters.configuration import ENV_FILE, SECRETS, ConfigurationError, Settings, load_settings
from adapters.operator.doctor import (
    clock,
    discord,
    disk,
    model,
    model_server,
    port,
    redis,
    report,
    slack,
    versions,
)
from adapters.operator.doctor.finding import Finding, Verdict, ok, warning, wrong
from adapters.operator.doctor.lookups import Abandoned
from adapters.platforms.slack.assembly import Credentials

DEADLINE = 6.5
"""Seconds for one check. All run at once: with the start of the program, the whole stays within ten."""

RIGHT, WRONG, MISCONFIGURED = 0, 1, 2
"""Exit codes, the same as those of a start."""


def run(environ: Mapping[str, str], *, as_json: bool) -> int:
    """Check everything, print what was found, and give the exit code."""
    begun = time.monotonic()
    try:
        settings = load_settings(environ)
    except ConfigurationError as error:
        findings, code = misconfigured(error), MISCONFIGURED
    else:
        findings = asyncio.run(_examined(settings))
        code = WRONG if report.worst(findings) is Verdict.WRONG else RIGHT
    seconds = time.monotonic() - begun
    if as_json:
        sys.stdout.write(f"{report.as_json(findings, seconds)}\n")
    else:
        Console(highlight=False).print(report.lines(findings, seconds), soft_wrap=True)
    return code


def misconfigured(error: ConfigurationError) -> list[Finding]:
    """A finding for each line: nothing else can be asked."""
    remedy = f"Correct it where it is set: in the environment, in {ENV_FILE} or under {SECRETS}."
    return [wrong("configuration", line, remedy) for line in str(error).splitlines()]


async def _examined(settings: Settings) -> list[Finding]:
    asyncio.get_running_loop().set_default_executor(Abandoned())
    return await examine(settings)


async def examine(settings: Settings, *, deadline: float = DEADLINE) -> list[Finding]:
    """What all the checks find, in the order in which the report shows it."""
    checks: dict[str, Awaitable[list[Finding]]] = {"configuration": _configuration(settings)}
    if settings.discord_token is not None:
        checks["discord"] = discord.check(
            _shown(settings.discord_token),
            message_content=settings.discord_message_content,
            api_url=settings.discord_api_url,
        )
    if settings.slack:
        checks["slack"] = slack.check(
            Credentials(
                bot_token=_shown(settings.slack_bot_token),
                app_token=_shown(settings.slack_app_token),
                client_id=settings.slack_client_id,
            ),
            settings.slack_api_url,
        )
    for entry in entries(settings):
        checks[f"model {entry.name}"] = model.check(
            model.Model(
                id=entry.id,
                url=entry.url,
                api=entry.api,
                provider=entry.provider,
                token=_shown(settings.hf_token),
                context_tokens=entry.context,
            )
        )
    redis_url = _shown(settings.redis_url)
    checks["redis"] = redis.check(redis_url, settings.data_dir)
    checks["port"] = port.check(settings.http_host, settings.http_port)
    checks["clock"] = clock.check(_servers(settings))
    checks["disk"] = disk.check(settings.data_dir, used=not redis_url)
    checks["versions"] = versions.check()
    found = await asyncio.gather(*(in_time(name, check, deadline) for name, check in checks.items()))
    return [finding for findings in found for finding in findings]


async def in_time(name: str, check: Awaitable[list[Finding]], deadline: float = DEADLINE) -> list[Finding]:
    """What the check finds, or that it took longer than `deadline` seconds or went wrong itself."""
    try:
        async with asyncio.timeout(deadline):
            return await check
    except TimeoutError:
        remedy = "Is there a network, a name server, and does a firewall let the bot through?"
        return [wrong(name, f"There was no answer within {deadline:g} s.", remedy)]
    except Exception as error:
        # What no check thought of must not take the others' findings away.
        remedy = "Are its variables right? If they are, report this, with the versions below."
        return [wrong(name, f"It could not be checked ({type(error).__name__}).", remedy)]


async def _configuration(settings: Settings) -> list[Finding]:
    source = f"{ENV_FILE} is read" if ENV_FILE.is_file() else f"there is no {ENV_FILE} in {Path.cwd()}"
    findings = [ok("configuration", f"Every variable is known and in its range; {source}.")]
    if settings.discord_token is None and not settings.slack:
        remedy = "Set DISCORD_TOKEN, or SLACK_BOT_TOKEN and SLACK_APP_TOKEN."
        findings.append(
            warning("platforms", "No chat platform is set up: there is the terminal chat.", remedy)
        )
    return findings


def _servers(settings: Settings) -> list[str]:
    """Those that the bot talks to over HTTP, whatever the checks of them find."""
    servers = []
    if settings.discord_token is not None:
        servers.append(settings.discord_api_url or Route.BASE)
    if settings.slack:
        servers.append(settings.slack_api_url or AsyncWebClient.BASE_URL)
    for entry in entries(settings):
        if entry.url or settings.hf_token is not None:
            servers.append(entry.url or model_server.HUGGING_FACE)
    return servers


def _shown(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
