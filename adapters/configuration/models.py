"""`MODELS`: several models to choose from, as JSON in the variable or in a file that it names."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from adapters.received import read_json
from adapters.variables import CertificateFile, Headers, Token

MODELS_FORM = (
    'JSON, or a file that holds it: [{"name": "mixtral", "id": "mistralai/Mixtral-8x7B-Instruct-v0.1", '
    '"url": "http://localhost:8000", "api": "chat", "context": 32768, "size": "46.7B", "fallback": false, '
    '"api_key": "…", "headers": {"X-Team": "a"}, "ca_file": "ca.pem"}], '
    "where name and id are needed and no name stands twice"
)


class ModelEntry(BaseModel):
    """One of them: `name` is what people choose it by, `context` its window in tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, regex_engine="python-re")

    name: Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,32}$")]
    id: Annotated[str, StringConstraints(pattern=r"^\S+$")]
    url: Annotated[str, StringConstraints(pattern=r"^(https?://[^\s/]+\S*)?$")] = ""
    api: Literal["auto", "chat", "text"] = "auto"
    provider: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")] = "auto"
    context: Annotated[int, Field(ge=1024, le=1_048_576)] = 32768
    size: Annotated[str, StringConstraints(max_length=32)] = ""
    fallback: bool = False
    api_key: Token = None
    headers: Headers = ()
    ca_file: CertificateFile = ""


def listed_models(given: object) -> object:
    """What the variable holds, or the file that it names. Raises `ValueError`."""
    if not isinstance(given, str) or not given.strip():
        return given or ()
    text = given.strip()
    if not text.startswith("["):
        try:
            text = Path(text).expanduser().read_text(encoding="utf-8-sig")
        except OSError as error:
            raise ValueError from error
    return read_json(text)


def apart(entries: tuple[ModelEntry, ...]) -> tuple[ModelEntry, ...]:
    """The same, if no two have one name. Raises `ValueError`."""
    if len({entry.name for entry in entries}) < len(entries):
        raise ValueError
    return entries
