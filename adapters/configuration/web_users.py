"""`WEB_USERS` and `WEB_PASSWORD`: who may open the page."""

import json

from pydantic import SecretStr

SHORTEST = 8
"""Letters of a password: the least that NIST SP 800-63B allows."""

USERS_FORM = (
    f'name:password pairs with commas between them, or JSON as {{"ada": "password"}}; a password has '
    f"{SHORTEST} letters or more"
)


def listed_users(given: object) -> object:
    """The passwords by name. Raises `ValueError`."""
    if not isinstance(given, str):
        return given
    text = given.strip()
    if not text:
        return {}
    found = json.loads(text) if text.startswith(("{", "[")) else text.split(",")
    if isinstance(found, dict):
        pairs = [(str(name), str(secret)) for name, secret in found.items()]
    else:
        pairs = [(name, secret) for name, _, secret in (str(each).partition(":") for each in found)]
    users = {name.strip(): secret.strip() for name, secret in pairs}
    if "" in users or len(users) < len(pairs) or any(len(secret) < SHORTEST for secret in users.values()):
        raise ValueError
    return {name: SecretStr(secret) for name, secret in users.items()}


def password(secret: SecretStr | None) -> SecretStr | None:
    """A password that is none by accident. Raises `ValueError`."""
    if secret is not None and len(secret.get_secret_value()) < SHORTEST:
        raise ValueError
    return secret
