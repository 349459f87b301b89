"""The configuration: environment, `.env` and secret files -> one frozen `Settings`.

The environment goes before `.env`, and `.env` before secret files: those that systemd hands over where it
does, else those of containers. An empty value counts as none.
`adapters.environment` says what counts as set, `settings` has the variables, `names` knows what a misspelt
one is, `tables` describes them to people.
"""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dotenv.parser import Binding, parse_stream
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import DotEnvSettingsSource, SecretsSettingsSource, SettingsError

from adapters.configuration.faults import faults, is_secret
from adapters.configuration.names import COMMON, OURS_ALONE, Names, complaints
from adapters.configuration.settings import Settings, settings_of
from adapters.environment import own
from adapters.platforms import PLATFORMS, others
from adapters.proxies import NAMES, unusable
from adapters.registration import Registration
from adapters.variables import ConfigurationError

__all__ = [
    "ENV_FILE",
    "SECRETS",
    "ConfigurationError",
    "Settings",
    "env_lines",
    "is_secret",
    "known_settings",
    "load_settings",
    "of_libraries",
    "secrets_of",
    "unfit",
]

ENV_FILE = Path(".env")
SECRETS = Path("/run/secrets")

ENCODING = "utf-8-sig"
"""UTF-8, with a byte order mark or without."""

OWN = settings_of(tuple(PLATFORMS))
"""The variables of the bot as it comes."""

OPEN_TELEMETRY = "OTEL_"
"""How the variables of traces begin."""

KNOWN = tuple(name.upper() for name in OWN.model_fields)


def load_settings(
    environ: Mapping[str, str],
    env_file: Path = ENV_FILE,
    secrets: Path | None = None,
    *,
    platforms: Sequence[Registration[Any]] = PLATFORMS,
) -> Settings:
    """Read everything there is. Raises `ConfigurationError` with all that is wrong.

    `secrets`: the folder of secret files; unset: where they lie as a rule. `platforms`: those that the bot
    comes with; `BOT_PLATFORMS` adds others.
    """
    secrets = secrets or secrets_of(environ)
    wrong = unusable(environ)
    environ = own(environ)
    kind = _known(environ, env_file, secrets, platforms)
    names = _names(kind)
    wrong += complaints(environ, names, shared=True)
    named = own({line.key: line.value for line in env_lines(env_file) if line.key and line.value})
    wrong += [f"{env_file}: {line}" for line in complaints(named, names, shared=False)]
    try:
        settings = kind.model_validate(_values(kind, environ, env_file, secrets))
    except ValidationError as theirs:
        wrong += faults(kind, _errors(theirs))
        raise ConfigurationError("\n".join(wrong)) from None
    wrong += [line for platform in kind.platforms for line in platform.incomplete(settings)]
    wrong += settings.idle()
    if wrong:
        raise ConfigurationError("\n".join(wrong))
    return settings


def secrets_of(environ: Mapping[str, str]) -> Path:
    """The folder of secret files: where systemd has put the credentials of its unit, if any."""
    return Path(environ.get("CREDENTIALS_DIRECTORY") or SECRETS)


def _packages(environ: Mapping[str, str], env_file: Path, secrets: Path) -> Iterable[str]:
    """What `BOT_PLATFORMS` names: it says which other variables there are, so it is read before them."""
    name = "bot_platforms"
    value = _values(Settings, environ, env_file, secrets).get(name, "")
    try:
        return sorted(Settings.model_validate({name: value}).bot_platforms)
    except ValidationError as theirs:
        raise ConfigurationError("\n".join(faults(Settings, _errors(theirs)))) from None


def _values(
    kind: type[Settings], environ: Mapping[str, str], env_file: Path, secrets: Path
) -> dict[str, object]:
    """By field, from the source that goes before the others."""
    env_lines(env_file)  # says what can't be read, before the library logs it
    in_file = DotEnvSettingsSource(kind, env_file=env_file, env_file_encoding=ENCODING)()
    values: dict[str, object] = {}
    for source in (_secret_values(kind, secrets), in_file, environ):
        texts = own({name: str(value) for name, value in source.items()})
        values |= {name.lower(): text for name, text in texts.items() if name.lower() in kind.model_fields}
    return values


def _names(kind: type[Settings]) -> Names:
    prefixes = [(platform.prefix, platform.common) for platform in kind.platforms if platform.prefix]
    return Names(
        known=tuple(name.upper() for name in kind.model_fields),
        ours=(*OURS_ALONE, *(prefix for prefix, common in prefixes if not common)),
        common=(*COMMON, *(prefix for prefix, common in prefixes if common)),
    )


def _secret_values(kind: type[Settings], folder: Path) -> dict[str, object]:
    """What the files named like variables hold; nothing when there is no such folder."""
    if not folder.is_dir():
        return {}
    try:
        # The library fails without words at a link that leads nowhere.
        for file in folder.iterdir():
            if file.name.lower() in kind.model_fields:
                file.stat()
        with warnings.catch_warnings():
            # pydantic-settings warns of a file that it passes over; nobody would read that.
            warnings.simplefilter("error", UserWarning)
            return SecretsSettingsSource(kind, secrets_dir=folder)()
    except SettingsError as theirs:
        match theirs.__cause__:
            case UserWarning() as warned:
                reason = str(warned)
            case UnicodeDecodeError():
                reason = f"a secret file under {folder} is not text in UTF-8."
            case OSError(filename=file, strerror=why):
                reason = f"{file} can't be read ({why}): let the bot's user read it."
            case _:
                raise
        raise ConfigurationError(reason) from theirs
    except OSError as theirs:
        raise ConfigurationError(
            f"{theirs.filename} can't be read ({theirs.strerror}): let the bot's user read it."
        ) from theirs


def known_settings(
    environ: Mapping[str, str], env_file: Path = ENV_FILE, secrets: Path | None = None
) -> type[Settings]:
    """The variables that there are, for what must go on where they can't be read: those of the bot alone."""
    try:
        return _known(environ, env_file, secrets or secrets_of(environ), PLATFORMS)
    except ConfigurationError:
        return OWN


def _known(
    environ: Mapping[str, str], env_file: Path, secrets: Path, platforms: Sequence[Registration[Any]]
) -> type[Settings]:
    return settings_of((*platforms, *others(_packages(environ, env_file, secrets))))


def unfit(kind: type[Settings], name: str, value: str) -> str:
    """What is wrong with a variable's value, in a sentence without it; "" for nothing."""
    try:
        kind.model_validate({name.lower(): value})
    except ValidationError as theirs:
        return faults(kind, _errors(theirs))[0]
    return ""


def _errors(theirs: ValidationError) -> list[ErrorDetails]:
    return theirs.errors(include_url=False, include_context=False)


def env_lines(env_file: Path) -> list[Binding]:
    """The lines of `.env`; none when there is no such file. Raises `ConfigurationError`."""
    try:
        with env_file.open(encoding=ENCODING) as stream:
            lines = list(parse_stream(stream))
    except FileNotFoundError:
        return []
    except OSError as theirs:
        raise ConfigurationError(
            f"{env_file} can't be read ({theirs.strerror}): make it a file that the bot's user may read."
        ) from theirs
    except UnicodeDecodeError:
        raise ConfigurationError(f"{env_file} is not text in UTF-8: save it again as UTF-8.") from None
    unread = [str(line.original.line) for line in lines if line.error]
    if unread:
        raise ConfigurationError(f"{env_file}: line {', '.join(unread)} can't be read: write NAME=value.")
    return lines


def of_libraries(env_file: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """What `.env` says of proxies and of traces, which libraries read from the environment, where that says
    nothing. Raises `ConfigurationError`."""
    said = {(line.key or "").upper(): line.value or "" for line in env_lines(env_file)}
    known = {name.upper() for name in environ}
    meant = [name for name in said if name in NAMES or name.startswith(OPEN_TELEMETRY)]
    return {name: said[name] for name in meant if name not in known}
