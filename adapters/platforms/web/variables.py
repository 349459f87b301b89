"""The page's variables: where it listens, who may open it, and which of them go together."""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from adapters.variables import Form, Host, HttpUrl, Quota, Variables, WrongPart, elements, json_in

SHORTEST = 8
"""Letters of a password: the least that NIST SP 800-63B allows."""

PASSWORD_FORM = f"a password of {SHORTEST} letters or more, or an argon2 hash of one"

USERS_FORM = Form(
    f'pairs of a name and {PASSWORD_FORM}, with commas between them, or JSON: {{"ada": "…"}}',
    "ada:correct-horse,bob:battery-staple",
    several=True,
)

SHORT = f"shorter than {SHORTEST} letters"

HASHED = "$argon2"
"""How a hash begins, which is no password."""

HASH = re.compile(r"\$argon2(id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+")

PAIRS = re.compile(r",(?!t=\d+,p=\d+\$|p=\d+\$)")
"""The commas between pairs, not those within a hash."""


def listed_users(given: object) -> object:
    """The passwords by name. Raises `WrongPart`."""
    if not isinstance(given, str):
        return given
    text = given.strip()
    users: dict[str, SecretStr] = {}
    for place, pair in enumerate(_pairs(text) if text else (), 1):
        if pair is None:
            raise WrongPart(f"element {place} is no name:password")
        name, secret = pair
        if not name:
            raise WrongPart(f"element {place} has no name")
        if name in users:
            raise WrongPart(f"element {place} has the name of one before it")
        if not _is_one(secret):
            raise WrongPart(
                f"the password of element {place} is {'half a hash' if _hashed(secret) else SHORT}"
            )
        users[name] = SecretStr(secret)
    if text and not users:
        raise WrongPart("there is nobody in it")
    return users


def _pairs(text: str) -> Iterator[tuple[str, str] | None]:
    """Names and passwords; None for what is neither."""
    found = (
        json_in(text) if text.startswith(("{", "[")) else [each for each in PAIRS.split(text) if each.strip()]
    )
    if isinstance(found, dict):
        for name, secret in found.items():
            yield (name.strip(), secret.strip()) if isinstance(secret, str) else None
        return
    for each in found if isinstance(found, list) else ():
        name, colon, secret = each.partition(":") if isinstance(each, str) else ("", "", "")
        yield (name.strip(), secret.strip()) if colon else None


def password(secret: SecretStr | None) -> SecretStr | None:
    """A password that is none by accident. Raises `ValueError`."""
    if secret is not None and not _is_one(secret.get_secret_value()):
        raise ValueError
    return secret


def networks(given: object) -> object:
    """Addresses and networks with commas between them. Raises `WrongPart`."""
    if not isinstance(given, str):
        return given
    return tuple(_network(part, place) for place, part in enumerate(elements(given), 1))


def _network(part: str, place: int) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(part)
    except ValueError as error:
        try:
            ipaddress.ip_interface(part)
        except ValueError:
            raise WrongPart(f"element {place} is no address and no network") from error
        raise WrongPart(f"element {place} is an address within a network: end it in zeros") from error


def _is_one(secret: str) -> bool:
    """Whether that is a password, or a hash of one."""
    return HASH.fullmatch(secret) is not None if _hashed(secret) else len(secret) >= SHORTEST


def _hashed(secret: str) -> bool:
    return secret.startswith(HASHED)


class WebVariables(Variables):
    """The port turns it on."""

    first = ("web_password",)

    web_host: Host = Field("127.0.0.1", description="where the page in the browser listens")
    web_port: Annotated[int, Field(ge=0, le=65535), Form("a whole number from 0 to 65535")] = Field(
        7860, description="its port; 0: no page"
    )
    web_password: Annotated[
        SecretStr | None,
        AfterValidator(password),
        Form(PASSWORD_FORM),
    ] = Field(None, description="who knows it may open the page; it or `WEB_USERS` is needed off loopback")
    web_users: Annotated[Mapping[str, SecretStr], NoDecode, BeforeValidator(listed_users), USERS_FORM] = (
        Field({}, description="who may open the page, each with a password of their own")
    )
    web_url: HttpUrl = Field(
        "", description="where people find the page, as `https://chat.example.com`: no other name is answered"
    )
    web_proxies: Annotated[
        tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...],
        NoDecode,
        BeforeValidator(networks),
        Form("addresses or networks with commas between them", "10.0.0.0/8,192.168.1.7", several=True),
    ] = Field((), description="reverse proxies in front of it: what they say of who asks is believed")
    web_address_quota: Quota = Field(
        "300/hour", description="how much may be asked on the page from one address, by all people there"
    )


def on(variables: WebVariables) -> bool:
    """Whether there is to be a page."""
    return variables.web_port != 0


def address(variables: WebVariables) -> str:
    """Where a browser finds it; where all of this machine's addresses are listened on, at one of them."""
    host = variables.web_host
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # recognised, not listened on
    return f"http://{f'[{host}]' if ':' in host else host}:{variables.web_port}"


def first_steps(variables: WebVariables, key: str) -> str:
    """Where whoever has the key chooses a model: on this machine alone. No server hears what stands behind
    the #, nor writes it into a log."""
    if not on(variables) or not loopback(variables.web_host) or variables.web_url:
        return ""
    return f"{address(variables)}/#setup={key}"


def incomplete(variables: WebVariables) -> list[str]:
    """A line for each that is not all there."""
    locked = variables.web_password is not None or bool(variables.web_users)
    lines = []
    if variables.web_port and not loopback(variables.web_host) and not locked:
        lines.append(
            f"WEB_HOST {variables.web_host} can be reached from other machines, and anybody could use the "
            "page: set WEB_PASSWORD or WEB_USERS, or WEB_HOST=127.0.0.1, or WEB_PORT=0 for no page."
        )
    if variables.web_password is not None and variables.web_users:
        lines.append("WEB_PASSWORD is one for everybody, WEB_USERS has one for each: remove one of them.")
    return lines


def loopback(host: str) -> bool:
    """Whether only this machine reaches that address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
