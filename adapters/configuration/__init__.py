"""The configuration: environment, `.env` and secret files -> one frozen `Settings`.

The environment goes before `.env`, and `.env` before secret files. An empty value counts as none.
`settings` has the variables, `names` knows what a misspelt one is, `tables` describes them to people.
"""

import warnings
from collections.abc import Mapping
from pathlib import Path

from dotenv.parser import Binding, parse_stream
from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import DotEnvSettingsSource, SecretsSettingsSource, SettingsError

from adapters.configuration.names import complaints
from adapters.configuration.settings import Settings, form
from bot.errors import MixtralBotError

__all__ = ["ENV_FILE", "SECRETS", "ConfigurationError", "Settings", "env_lines", "load_settings", "unfit"]

ENV_FILE = Path(".env")
SECRETS = Path("/run/secrets")

KNOWN = tuple(name.upper() for name in Settings.model_fields)


class ConfigurationError(MixtralBotError):
    """The operator must change something: one line for each problem, none with a secret in it."""


def load_settings(environ: Mapping[str, str], env_file: Path = ENV_FILE, secrets: Path = SECRETS) -> Settings:
    """Read everything there is. Raises `ConfigurationError` with all that is wrong."""
    environ = {name: value for name, value in environ.items() if value.strip()}
    wrong = complaints(environ, KNOWN, shared=True)
    named = [line.key for line in env_lines(env_file) if line.key and line.value]
    wrong += [f"{env_file}: {line}" for line in complaints(named, KNOWN, shared=False)]
    values = _secret_values(secrets)
    values |= DotEnvSettingsSource(Settings, env_file=env_file, env_file_encoding="utf-8")()
    values |= {name.lower(): value for name, value in environ.items() if name.upper() in KNOWN}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as theirs:
        wrong += [_complaint(error) for error in theirs.errors(include_url=False, include_context=False)]
        raise ConfigurationError("\n".join(wrong)) from None
    wrong += settings.incomplete()
    if wrong:
        raise ConfigurationError("\n".join(wrong))
    return settings


def _secret_values(folder: Path) -> dict[str, object]:
    """What the files named like variables hold; nothing when there is no such folder."""
    if not folder.is_dir():
        return {}
    try:
        with warnings.catch_warnings():
            # pydantic-settings warns of a file that it passes over; nobody would read that.
            warnings.simplefilter("error", UserWarning)
            return SecretsSettingsSource(Settings, secrets_dir=folder)()
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
            f"{folder} can't be read ({theirs.strerror}): let the bot's user read it."
        ) from theirs


def unfit(name: str, value: str) -> str:
    """What is wrong with a variable's value, in a sentence without it; "" for nothing."""
    try:
        Settings.model_validate({name.lower(): value})
    except ValidationError as theirs:
        return _complaint(theirs.errors(include_url=False, include_context=False)[0])
    return ""


def env_lines(env_file: Path) -> list[Binding]:
    """The lines of `.env`; none when there is no such file. Raises `ConfigurationError`."""
    try:
        with env_file.open(encoding="utf-8") as stream:
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


def _complaint(error: ErrorDetails) -> str:
    name = str(error["loc"][0])
    return f"{name.upper()} is {_shape(name, error['input'])}; it must be {form(name)}."


def _shape(name: str, value: object) -> str:
    """What a wrong value looks like. Its text is never shown: it may be a secret in the wrong place."""
    text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    secret = "SecretStr" in str(Settings.model_fields[name].annotation)
    try:
        number = float(text)
    except ValueError:
        pass
    else:
        if not secret:
            return f"the number {number:g}"
    letters = f"a text of {len(text)} letter{'s' if len(text) != 1 else ''}"
    return f"{letters} with blanks in it" if len(text.split()) > 1 else letters
