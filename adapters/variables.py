"""What variables of the configuration are made of: kinds of values, each with words for what it must be."""

import json
import re
from dataclasses import dataclass
from typing import Annotated, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from adapters.proxies import certificates
from adapters.quotas import read as read_quota
from adapters.received import read_json
from bot.errors import MixtralBotError

UNFIT, WRONG_PART = "unfit", "wrong_part"


class ConfigurationError(MixtralBotError):
    """The operator must change something: one line for each problem, none with a secret in it."""


class Unfit(PydanticCustomError):
    """A value that is wrong in a way of its own: `words` follow the variable's name and a colon."""

    def __new__(cls, words: str) -> Self:
        """None of the value is in the words."""
        return super().__new__(cls, UNFIT, words)


class WrongPart(PydanticCustomError):
    """A value of several parts is wrong: `words` say in which and how; what it must be is said after them."""

    def __new__(cls, words: str) -> Self:
        """None of the value is in the words."""
        return super().__new__(cls, WRONG_PART, words)


class Variables(BaseSettings):
    """Some of the variables. A field is the variable in lower case; its description follows "what it is"."""

    first: ClassVar[tuple[str, ...]] = ()
    """The fields that a person needs before all others."""

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
    """What a value must be, in words that follow "must be", and one that it may be. `several`: it has
    elements; `entry`: what each of them is, if that is more than a text."""

    words: str
    example: str = ""
    several: bool = False
    entry: type[BaseModel] | None = None

    def __str__(self) -> str:
        return f"{self.words}, as {self.example}" if self.example else self.words


def form_in(kind: type[BaseModel], name: str) -> Form:
    """What the value of a field must be."""
    return next(entry for entry in kind.model_fields[name.lower()].metadata if isinstance(entry, Form))


HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""RFC 9110, "Tokens"."""


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


def json_in(text: str) -> object:
    """What a text of JSON says. Raises `WrongPart`."""
    try:
        return read_json(text)
    except json.JSONDecodeError as error:
        raise WrongPart(f"it is not JSON from line {error.lineno}, column {error.colno} on") from error
    except ValueError as error:
        raise WrongPart("it nests too deep") from error


def elements(listed: str) -> list[str]:
    """What stands between the commas of a value that says something. Raises `WrongPart`."""
    found = [part.strip() for part in listed.split(",") if part.strip()]
    if listed.strip() and not found:
        raise WrongPart("there is nothing between its commas")
    return found


def _ids(listed: object) -> object:
    return elements(listed) if isinstance(listed, str) else listed


def _headers(listed: object) -> object:
    """By name, of a line or JSON. Raises `WrongPart`."""
    if isinstance(listed, str):
        listed = json_in(listed) if listed.startswith(("{", "[")) else _header(listed)
    if isinstance(listed, tuple):
        return listed  # they have been read before: an entry is made of the variables of one server, too
    if not isinstance(listed, dict):
        raise WrongPart("it is no object of names and values")
    if not listed:
        raise WrongPart("there is no header in it")
    for place, (name, value) in enumerate(listed.items(), 1):
        if not HEADER_NAME.fullmatch(name):
            raise WrongPart(f"the name of header {place} is none: it may have letters, digits and - in it")
        if not isinstance(value, str):
            raise WrongPart(f"the value of header {place} is no text: put quotes around it")
        if not (value.isascii() and value.isprintable()):
            raise WrongPart(f"the value of header {place} has letters in it that no header may have")
    return tuple(listed.items())


def _header(line: str) -> object:
    name, colon, value = line.partition(":")
    if line and not colon:
        raise WrongPart("there is no colon behind the name")
    return {name.strip(): value.strip()} if line else ()


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
    tuple[tuple[str, SecretStr], ...],
    NoDecode,
    BeforeValidator(_headers),
    Form("one as Name: value, or several in JSON", '{"X-Team": "a", "X-Key": "b"}', several=True),
]
CertificateFile = Annotated[
    str, AfterValidator(_certificate_file), Form("a file of certificates in PEM", "/etc/ssl/company.pem")
]
Ids = Annotated[
    frozenset[Annotated[str, StringConstraints(pattern=r"^[\w.-]+$")]],
    NoDecode,
    BeforeValidator(_ids),
    Form("ids with commas between them", "81384788765712384,155149108183695360", several=True),
]
Names = Annotated[
    frozenset[Annotated[str, StringConstraints(pattern=r"^\w+(\.\w+)*$")]],
    NoDecode,
    BeforeValidator(_ids),
    Form("names of Python packages with commas between them", "our_irc,our_matrix", several=True),
]
Switch = Annotated[bool, Form("true or false")]
Choice = Annotated[bool | None, Form("true or false")]
HttpUrl = Annotated[
    str,
    StringConstraints(pattern=r"^(https?://[^\s/]+\S*)?$"),
    AfterValidator(addressed),
    Form("a URL", "http://localhost:8000"),
]
Host = Annotated[
    str, StringConstraints(pattern=r"^[^\s/]+$"), Form("an address or host name without http://")
]
Quota = Annotated[str, AfterValidator(_quota), Form("questions in a time", "60/hour or 5/minute")]
