"""Runs all the checks side by side, each with a deadline."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Mapping
from pathlib import Path

from rich.console import Console

from adapters.composition.models import access, entries
from adapters.configuration import ENV_FILE, ConfigurationError, Settings, load_settings, secrets_of
from adapters.finding import Checks, Finding, Verdict, ok, warning, wrong
from adapters.models.huggingface import doctor as model
from adapters.models.huggingface.access import HUGGING_FACE_URL
from adapters.operator.doctor import (
    clock,
    disk,
    port,
    report,
    versions,
)
from adapters.operator.doctor.lookups import Abandoned
from adapters.registration import load
from adapters.stores.redis import doctor as redis
from adapters.stores.redis.sealing import read_keys
from adapters.variables import shown

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
        findings, code = misconfigured(error, secrets_of(environ)), MISCONFIGURED
    else:
        findings = asyncio.run(_examined(settings))
        code = WRONG if report.worst(findings) is Verdict.WRONG else RIGHT
    seconds = time.monotonic() - begun
    if as_json:
        sys.stdout.write(f"{report.as_json(findings, seconds)}\n")
    else:
        Console(highlight=False).print(report.lines(findings, seconds), soft_wrap=True)
    return code


def misconfigured(error: ConfigurationError, secrets: Path) -> list[Finding]:
    """A finding for each line: nothing else can be asked."""
    remedy = f"Correct it where it is set: in the environment, in {ENV_FILE} or under {secrets}."
    return [wrong("configuration", line, remedy) for line in str(error).splitlines()]


async def _examined(settings: Settings) -> list[Finding]:
    asyncio.get_running_loop().set_default_executor(Abandoned())
    return await examine(settings)


async def examine(settings: Settings, *, deadline: float = DEADLINE) -> list[Finding]:
    """What all the checks find, in the order in which the report shows it."""
    checks: dict[str, Awaitable[list[Finding]]] = {"configuration": _configuration(settings)}
    servers: list[str] = []
    for platform in settings.platforms:
        if platform.checks and platform.on(settings):
            asked: Checks = load(platform.checks)(settings)
            checks |= asked.checks
            servers += asked.servers
    for entry in entries(settings):
        checks[f"model {entry.name}"] = model.check(
            model.Model(
                id=entry.id,
                access=access(entry, shown(settings.hf_token)),
                api=entry.api,
                provider=entry.provider,
                context_tokens=entry.context,
            )
        )
    redis_url = shown(settings.redis_url)
    checks["redis"] = redis.check(redis_url, settings.data_dir, read_keys(shown(settings.encryption_keys)))
    checks["port"] = port.check(settings.http_host, settings.http_port)
    checks["clock"] = clock.check([*servers, *_models(settings)])
    checks["disk"] = disk.check(settings.data_dir, used=not redis_url)
    checks["versions"] = versions.check(
        [name for platform in settings.platforms for name in platform.libraries]
    )
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
    if settings.bot_allowed_channels and settings.bot_private_sessions is None:
        findings.append(
            warning(
                "direct messages",
                "BOT_ALLOWED_CHANNELS is set and BOT_PRIVATE_SESSIONS is not: in direct messages only people "
                "whom BOT_ALLOWED_USERS or BOT_ALLOWED_ROLES names are answered.",
                "Set BOT_PRIVATE_SESSIONS: to true for everybody who may ask, to false for nobody.",
            )
        )
    wanting = [platform for platform in settings.platforms if platform.credentials]
    if not any(platform.on(settings) for platform in wanting):
        remedy = f"Set {', or '.join(platform.credentials for platform in wanting)}."
        findings.append(
            warning("platforms", "No chat platform is set up: there is the terminal chat.", remedy)
        )
    return findings


def _models(settings: Settings) -> list[str]:
    """The servers of the models, whatever the checks of them find."""
    return [
        entry.url or HUGGING_FACE_URL
        for entry in entries(settings)
        if entry.url or settings.hf_token is not None
    ]
