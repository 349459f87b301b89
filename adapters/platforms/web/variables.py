"""The page's variables: where it listens, who may open it, and which of them go together."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from adapters.received import read_json
from adapters.variables import Form, Host, HttpUrl, Quota, Variables

SHORTEST = 8
"""Letters of a password: the least that NIST SP 800-63B allows."""

USERS_FORM = (
    f'name:password pairs with commas between them, or JSON as {{"ada": "password"}}; a password has '
    f"{SHORTEST} letters or more, or is an argon2 hash of one"
)

HASHED = "$argon2"
"""How a hash begins, which is no password."""

HASH = re.compile(r"\$argon2(id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+")

PAIRS = re.compile(r",(?!t=\d+,p=\d+\$|p=\d+\$)")
"""The commas between pairs, not those within a hash."""


def listed_users(given: object) -> object:
    """The passwords by name. Raises `ValueError`."""
    if not isinstance(given, str):
        return given
    text = given.strip()
    if not text:
        return {}
    found = read_json(text) if text.startswith(("{", "[")) else PAIRS.split(text)
    if isinstance(found, dict):
        pairs = [(str(name), str(secret)) for name, secret in found.items()]
    else:
        pairs = [(name, secret) for name, _, secret in (str(each).partition(":") for each in found)]
    users = {name.strip(): secret.strip() for name, secret in pairs}
    if "" in users or len(users) < len(pairs) or not all(map(_is_one, users.values())):
        raise ValueError
    return {name: SecretStr(secret) for name, secret in users.items()}


def password(secret: SecretStr | None) -> SecretStr | None:
    """A password that is none by accident. Raises `ValueError`."""
    if secret is not None and not _is_one(secret.get_secret_value()):
        raise ValueError
    return secret


def networks(given: object) -> object:
    """Addresses and networks with commas between them. Raises `ValueError`."""
    if not isinstance(given, str):
        return given
    return tuple(ipaddress.ip_network(part.strip()) for part in given.split(",") if part.strip())


def _is_one(secret: str) -> bool:
    """Whether that is a password, or a hash of one."""
    return HASH.fullmatch(secret) is not None if secret.startswith(HASHED) else len(secret) >= SHORTEST


class WebVariables(Variables):
    """The port turns it on."""

    web_host: Host = Field("127.0.0.1", description="where the page in the browser listens")
    web_port: Annotated[int, Field(ge=0, le=65535), Form("a whole number from 0 to 65535")] = Field(
        7860, description="its port; 0: no page"
    )
    web_password: Annotated[
        SecretStr | None,
        AfterValidator(password),
        Form("a password of 8 letters or more, or an argon2 hash of one"),
    ] = Field(None, description="who knows it may open the page; it or `WEB_USERS` is needed off loopback")
    web_users: Annotated[
        Mapping[str, SecretStr], NoDecode, BeforeValidator(listed_users), Form(USERS_FORM)
    ] = Field({}, description="who may open the page, each with a password of their own")
    web_url: HttpUrl = Field(
        "", description="where people find the page, as `https://chat.example.com`: no other name is answered"
    )
    web_proxies: Annotated[
        tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...],
        NoDecode,
        BeforeValidator(networks),
        Form("addresses or networks with commas between them, as 10.0.0.0/8"),
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
