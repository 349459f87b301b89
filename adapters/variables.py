"""What variables of the configuration are made of: kinds of values, each with words for what it must be."""

from dataclasses import dataclass
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from adapters.proxies import certificates
from adapters.quotas import read as read_quota
from adapters.received import read_json
from bot.errors import MixtralBotError

UNFIT = "unfit"


class ConfigurationError(MixtralBotError):
    """The operator must change something: one line for each problem, none with a secret in it."""


class Unfit(PydanticCustomError):
    """A value that is wrong in a way of its own: `words` follow the variable's name and a colon."""

    def __new__(cls, words: str) -> Self:
        """None of the value is in the words."""
        return super().__new__(cls, UNFIT, words)


class Variables(BaseSettings):
    """Some of the variables. A field is the variable in lower case; its description follows "what it is"."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        str_strip_whitespace=True,
        protected_namespaces=(),
        hide_input_in_errors=True,
        defer_build=True,  # most are only a part of the one that is read
        regex_engine="python-re",  # pydantic's own takes 5 MB for these patterns
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """`load_settings` reads the sources: nothing comes in behind its back."""
        return (init_settings,)


@dataclass(frozen=True, slots=True)
class Form:
    """What a value must be, in words that follow "must be"."""

    words: str


def addressed(url: str) -> str:
    """The same. Raises `ValueError` for a port that can be none: libraries trip over it much later."""
    _ = urlsplit(url).port
    return url


def token(secret: SecretStr | None) -> SecretStr | None:
    """Without the blanks that a copy brings along. Raises `ValueError`: with blanks inside it is none."""
    if secret is None:
        return None
    text = secret.get_secret_value().strip()
    if not text.isascii() or not text.isprintable() or not text or set(text) & set(" \"'"):
        raise ValueError
    return SecretStr(text)


def shown(secret: SecretStr | None) -> str:
    """A secret's text, for the library that needs it; "" where there is none."""
    return secret.get_secret_value() if secret else ""


def _ids(listed: object) -> object:
    return {part.strip() for part in listed.split(",") if part.strip()} if isinstance(listed, str) else listed


def _headers(listed: object) -> object:
    """By name, of a line or JSON. Raises `ValueError`, for what is no header, too."""
    if isinstance(listed, str):
        if listed.startswith("{"):
            listed = read_json(listed)
        elif listed:
            name, colon, value = listed.partition(":")
            if not colon:
                raise ValueError
            listed = {name.strip(): value.strip()}
        else:
            return ()
    pairs = tuple(listed.items()) if isinstance(listed, dict) else listed
    for _, value in pairs if isinstance(pairs, tuple) else ():
        if isinstance(value, str) and not (value.isascii() and value.isprintable()):
            raise ValueError
    return pairs


def _certificate_file(name: str) -> str:
    if name and not certificates(name):
        raise ValueError
    return name


def _quota(rate: str) -> str:
    read_quota(rate)
    return rate


Token = Annotated[
    SecretStr | None,
    AfterValidator(token),
    Form("the token alone, without blanks, quotes or a word before it"),
]
Headers = Annotated[
    tuple[tuple[Annotated[str, StringConstraints(pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")], SecretStr], ...],
    NoDecode,
    BeforeValidator(_headers),
    Form('one as "Name: value", or several as JSON: {"Name": "value"}'),
]
CertificateFile = Annotated[
    str, AfterValidator(_certificate_file), Form("a file of certificates in PEM, as /etc/ssl/company.pem")
]
Ids = Annotated[
    frozenset[Annotated[str, StringConstraints(pattern=r"^[\w.-]+$")]],
    NoDecode,
    BeforeValidator(_ids),
    Form("ids with commas between them, as 81384788765712384,155149108183695360"),
]
Names = Annotated[
    frozenset[Annotated[str, StringConstraints(pattern=r"^\w+(\.\w+)*$")]],
    NoDecode,
    BeforeValidator(_ids),
    Form("names of Python packages with commas between them"),
]
Switch = Annotated[bool, Form("true or false")]
Choice = Annotated[bool | None, Form("true or false")]
HttpUrl = Annotated[
    str,
    StringConstraints(pattern=r"^(https?://[^\s/]+\S*)?$"),
    AfterValidator(addressed),
    Form("a URL, as http://localhost:8000"),
]
Host = Annotated[
    str, StringConstraints(pattern=r"^[^\s/]+$"), Form("an address or host name without http://")
]
Quota = Annotated[str, AfterValidator(_quota), Form("questions in a time, as 60/hour or 5/minute")]
