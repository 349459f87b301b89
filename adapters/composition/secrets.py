"""Where a secret stops being one: what is handed to the library that needs it."""

from pydantic import SecretStr


def shown(secret: SecretStr | None) -> str:
    """A secret's text; none where there is none."""
    return secret.get_secret_value() if secret else ""
