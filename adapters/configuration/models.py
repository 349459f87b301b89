"""`MODELS`: several models to choose from, as JSON in the variable or in a file that it names."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from adapters.variables import CertificateFile, Form, Headers, HttpUrl, Token, WrongPart, json_in


class ModelEntry(BaseModel):
    """One of them: `name` is what people choose it by, `context` its window in tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, regex_engine="python-re")

    name: Annotated[
        str, StringConstraints(pattern=r"^[\w.-]{1,32}$"), Form("1 to 32 letters, digits, dots, - or _")
    ]
    id: Annotated[
        str, StringConstraints(pattern=r"^\S+$"), Form("a model's name, as owner/name, without blanks")
    ]
    url: HttpUrl = ""
    api: Annotated[Literal["auto", "chat", "text"], Form("auto, chat or text")] = "auto"
    provider: Annotated[
        str, StringConstraints(pattern=r"^[a-z0-9-]+$"), Form("a provider's name in small letters, or auto")
    ] = "auto"
    context: Annotated[int, Field(ge=1024, le=1_048_576), Form("a whole number from 1024 to 1048576")] = 32768
    size: Annotated[str, StringConstraints(max_length=32), Form("at most 32 letters", "46.7B")] = ""
    fallback: Annotated[bool, Form("true or false")] = False
    api_key: Token = None
    headers: Headers = ()
    ca_file: CertificateFile = ""


MODELS_FORM = Form(
    f"a list in JSON, or a file that holds it, of objects with name and id, and where wanted "
    f"{', '.join(list(ModelEntry.model_fields)[2:])}",
    '[{"name": "mixtral", "id": "mistralai/Mixtral-8x7B-Instruct-v0.1", "url": "http://localhost:8000"}]',
    several=True,
    entry=ModelEntry,
)


def listed_models(given: object) -> object:
    """What the variable holds, or the file that it names."""
    if not isinstance(given, str) or not given.strip():
        return given or ()
    text = given.strip()
    if not text.startswith(("[", "{")):
        try:
            text = Path(text).expanduser().read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise WrongPart("the file that it names is not text in UTF-8") from error
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "no name of a file"
            raise WrongPart(f"it begins with no [, and no such file can be read ({why})") from error
    listed = json_in(text)
    if isinstance(listed, dict):
        raise WrongPart("it is one object: put [ and ] around it")
    if isinstance(listed, list) and not listed:
        raise WrongPart("it is a list with nothing in it")
    return listed


def apart(entries: tuple[ModelEntry, ...]) -> tuple[ModelEntry, ...]:
    """The same, if no two have one name."""
    names = [entry.name for entry in entries]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise WrongPart(f"elements {names.index(name) + 1} and {place + 1} have the same name")
    return entries
