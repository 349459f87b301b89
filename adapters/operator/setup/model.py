"""The model: a server of one's own, Hugging Face's providers, or none at all."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace

from adapters.configuration import Settings, unfit
from adapters.finding import Finding, ok
from adapters.models.huggingface import doctor
from adapters.models.huggingface.access import Access
from adapters.models.huggingface.model_server import SelfDescription
from adapters.operator.setup.interview import Interview, checked
from adapters.operator.setup.kind import Kind

TOKENS = "https://huggingface.co/settings/tokens"
USUAL_URL = "http://localhost:8000"
"""Where vLLM serves, if it is not told otherwise."""


def ask(
    interview: Interview,
    kept: Mapping[str, str],
    *,
    kind: Kind | None,
    url: str,
    key: str,
    name: str,
    token: str,
) -> dict[str, str]:
    """The variables of it. `kept` is what is set now, the others what options say."""
    interview.step("The model")
    if kept.get("MODELS"):
        interview.say("MODELS is set: the models are chosen there.")
        return {}
    if kind is None:
        kind = Kind.SERVER if url else Kind.HUGGING_FACE if token else _kind(interview, kept)
    match kind:
        case Kind.SERVER:
            found = _server(interview, kept, url=url, key=key, name=name)
            return found | ({"HF_TOKEN": token} if token else {})
        case Kind.HUGGING_FACE:
            return _hugging_face(interview, kept, name=name, token=token)
        case Kind.DRY_RUN:
            interview.say("No model: the bot will show what it would have sent to one.")
            return {"MODEL_URL": "", "MODEL_API_KEY": "", "HF_TOKEN": ""}


def _kind(interview: Interview, kept: Mapping[str, str]) -> Kind:
    if interview.asks:
        interview.say(
            "server: a model server of your own (docs/models.md has recipes)\n"
            "huggingface: Hugging Face's providers, with a token\n"
            "dry-run: no model; the bot shows what one would have been sent"
        )
    now = (
        Kind.SERVER if kept.get("MODEL_URL") else Kind.HUGGING_FACE if kept.get("HF_TOKEN") else Kind.DRY_RUN
    )
    return Kind(interview.one_of("Who answers?", list(Kind), option="--model", default=now))


def _server(
    interview: Interview, kept: Mapping[str, str], *, url: str, key: str, name: str
) -> dict[str, str]:
    while True:
        typed = url or interview.text(
            "The server's URL", option="--model-url", default=kept.get("MODEL_URL", USUAL_URL)
        )
        url = ""
        address = typed if "://" in typed else f"http://{typed}"
        if wrong := unfit(interview.settings, "MODEL_URL", address):
            interview.say(wrong)
        else:
            said: list[SelfDescription] = []
            # A key is for one server: another's is not sent there.
            known = kept.get("MODEL_API_KEY", "") if address == kept.get("MODEL_URL") else ""
            asked = _model(address, _now(kept, "MODEL_ID"))
            key = _key(interview, asked, known=known, given=key, said=said)
            if key or interview.passes("model", _look(asked, said)):
                break
        interview.require_person("--model-url")
    described = said[0] if said else SelfDescription(windows={})
    chosen = _name(interview, described.names, now=_now(kept, "MODEL_ID"), name=name)
    window = _window(interview, kept, described.window(chosen))
    return {"MODEL_URL": address, "MODEL_API_KEY": key or known, **_named(chosen), **window}


def _key(
    interview: Interview, asked: doctor.Model, *, known: str, given: str, said: list[SelfDescription]
) -> str:
    """The key of the server, where one is given or it wants one; "": none."""
    if not given:
        closed: list[SelfDescription] = []
        checked("model", _look(asked, closed))
        if not (closed and closed[0].closed):
            return ""
        interview.say(f"{asked.place} wants a key: the one that it was started with.")

    def check(typed: str) -> Awaitable[list[Finding]]:
        said.clear()
        access = replace(asked.access, key=typed)
        return _look(replace(asked, access=access), said)

    option = "--model-api-key"
    return interview.secret("MODEL_API_KEY", given=given, kept=known, option=option, check=check)


async def _look(model: doctor.Model, said: list[SelfDescription]) -> list[Finding]:
    """What its server says of itself; that is put into `said`, too."""
    server = await doctor.described(model)
    said.append(server)
    wrong = [one for one in doctor.plain(model, server) if one.name == "model"]
    if wrong:
        return wrong
    if not server.names:
        return [ok("model", f"{model.place} answers; it does not say which models it has.")]
    return [ok("model", f"{model.place} answers; it has {', '.join(server.names)}.")]


def _name(interview: Interview, names: Sequence[str], *, now: str, name: str) -> str:
    """The one to ask for: as the server names it, where it says its names."""
    if not names:
        return name or now
    if name and name not in names:
        near = doctor.nearest(name, tuple(names))
        interview.say(f"The server has no model named {name}. The nearest that it has is {near}.")
        interview.require_person("--model-id")
        now, name = near, ""
    if name:
        return name
    if len(names) == 1:
        return names[0]
    return interview.one_of(
        "Which model?", names, option="--model-id", default=doctor.nearest(now, tuple(names))
    )


def _window(interview: Interview, kept: Mapping[str, str], tokens: int) -> dict[str, str]:
    """A window that is shorter than what is set now: long conversations would be refused."""
    if not tokens or tokens >= int(_now(kept, "MODEL_CONTEXT_TOKENS")):
        return {}
    if unfit(interview.settings, "MODEL_CONTEXT_TOKENS", str(tokens)):
        return {}
    interview.say(f"Its window is {tokens} tokens: MODEL_CONTEXT_TOKENS is set to that.")
    return {"MODEL_CONTEXT_TOKENS": str(tokens)}


def _hugging_face(interview: Interview, kept: Mapping[str, str], *, name: str, token: str) -> dict[str, str]:
    chosen = name or _now(kept, "MODEL_ID")
    if interview.asks and not token:
        interview.say("Make a token here that may call inference providers.")
        interview.page(TOKENS)
    value = interview.secret(
        "HF_TOKEN",
        given=token,
        kept=kept.get("HF_TOKEN", ""),
        option="--hf-token",
        check=lambda typed: doctor.check(_model("", chosen, token=typed)),
    )
    return {"MODEL_URL": "", "MODEL_API_KEY": "", "HF_TOKEN": value, **_named(chosen)}


def _named(name: str) -> dict[str, str]:
    return {"MODEL_ID": "" if name == Settings.model_fields["model_id"].default else name}


def _now(kept: Mapping[str, str], name: str) -> str:
    """What is set, or what holds without."""
    return kept.get(name, "") or str(Settings.model_fields[name.lower()].default)


def _model(url: str, name: str, *, token: str = "", key: str = "") -> doctor.Model:
    window = int(Settings.model_fields["model_context_tokens"].default)
    access = Access(url=url, token=token, key=key)
    return doctor.Model(id=name, access=access, api="auto", provider="auto", context_tokens=window)
