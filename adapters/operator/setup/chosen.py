"""A model that was chosen -> the variables of it, for the terminal and for the page alike. Pure."""

from collections.abc import Mapping

from adapters.configuration import Settings, unfit
from adapters.models.huggingface import doctor
from adapters.models.huggingface.access import Access
from adapters.models.huggingface.model_server import SelfDescription
from adapters.operator.setup.env_file import Changes

LONGER: Changes = {"BOT_MAX_NEW_TOKENS": "1024", "BOT_SEED": "random"}
"""What conversations want in place of the bare defaults, those of the page that the bot began as."""


def address(typed: str) -> str:
    """A server's URL, also where its scheme was left out."""
    return typed if "://" in typed or not typed else f"http://{typed}"


def of_server(url: str, name: str, *, key: str, window: Changes) -> dict[str, str]:
    """A server of one's own; a token of Hugging Face's stays what it is."""
    return {"MODEL_URL": url, "MODEL_API_KEY": key, **_named(name), **window}


def of_hugging_face(token: str, name: str) -> dict[str, str]:
    """Hugging Face's providers."""
    return {"MODEL_URL": "", "MODEL_API_KEY": "", "HF_TOKEN": token, **_named(name)}


def of_none() -> dict[str, str]:
    """The dry run."""
    return {"MODEL_URL": "", "MODEL_API_KEY": "", "HF_TOKEN": ""}


def shorter_window(kind: type[Settings], server: SelfDescription, name: str, now: str) -> dict[str, str]:
    """A window that is shorter than what is set `now`: long conversations would be refused."""
    tokens = server.window(name)
    if not tokens or tokens >= int(now) or unfit(kind, "MODEL_CONTEXT_TOKENS", str(tokens)):
        return {}
    return {"MODEL_CONTEXT_TOKENS": str(tokens)}


def now(kept: Mapping[str, str], name: str) -> str:
    """What is set, or what holds without."""
    return kept.get(name, "") or str(Settings.model_fields[name.lower()].default)


def asked(url: str, name: str, *, token: str = "", key: str = "", window: str = "") -> doctor.Model:
    """As the doctor asks it. `window`: tokens, "" for as many as there are as a rule."""
    access = Access(url=url, token=token, key=key)
    tokens = int(window or Settings.model_fields["model_context_tokens"].default)
    return doctor.Model(id=name, access=access, api="auto", provider="auto", context_tokens=tokens)


def _named(name: str) -> dict[str, str]:
    return {"MODEL_ID": "" if name == Settings.model_fields["model_id"].default else name}
