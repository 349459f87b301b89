"""The model: a server of one's own, Hugging Face's providers, or none at all."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace

from adapters.configuration import unfit
from adapters.finding import Finding, ok
from adapters.models.huggingface import doctor
from adapters.models.huggingface.here import servers_here
from adapters.models.huggingface.model_server import SelfDescription
from adapters.operator.setup import chosen
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
            return chosen.of_none()


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
    known_url = kept.get("MODEL_URL", "") or (_found(interview) if not url and interview.asks else "")
    while True:
        typed = url or interview.text(
            "The server's URL", option="--model-url", default=known_url or USUAL_URL
        )
        url = ""
        address = chosen.address(typed)
        if wrong := unfit(interview.settings, "MODEL_URL", address):
            interview.say(wrong)
        else:
            said: list[SelfDescription] = []
            # A key is for one server: another's is not sent there.
            known = kept.get("MODEL_API_KEY", "") if address == kept.get("MODEL_URL") else ""
            asked = chosen.asked(address, chosen.now(kept, "MODEL_ID"))
            key = _key(interview, asked, known=known, given=key, said=said)
            if key or interview.passes("model", _look(asked, said)):
                break
        interview.require_person("--model-url")
    described = said[0] if said else SelfDescription(windows={})
    model = _name(interview, described.names, now=chosen.now(kept, "MODEL_ID"), name=name)
    window = chosen.shorter_window(
        interview.settings, described, model, chosen.now(kept, "MODEL_CONTEXT_TOKENS")
    )
    for tokens in window.values():
        interview.say(f"Its window is {tokens} tokens: MODEL_CONTEXT_TOKENS is set to that.")
    return chosen.of_server(address, model, key=key or known, window=window)


def _found(interview: Interview) -> str:
    """The first model server of this machine; each is named. "": none."""
    servers = asyncio.run(servers_here())
    for server in servers:
        models = ", ".join(server.models) or "it does not say which models it has"
        interview.say(f"Found on this machine: {server.title} at {server.url} ({models}).")
    return servers[0].url if servers else ""


def ask_longer(interview: Interview, kept: Mapping[str, str], *, longer: bool | None) -> dict[str, str]:
    """How long answers may become, and from which seed: proposed where nobody has said so."""
    if longer is None and (kept.keys() & chosen.LONGER or not (interview.asks or interview.takes_defaults)):
        return {}
    if longer is None:
        interview.say(
            "As long as nothing is set, an answer has at most 256 tokens, which cuts most of\n"
            "a conversation's short, and the same question gets the same words again (seed 42)."
        )
        question = "Shall answers have up to 1,024 tokens, each from another seed?"
        longer = interview.sure(question, option="--longer or --no-longer", default=True)
    return dict(chosen.LONGER) if longer else {}


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


def _hugging_face(interview: Interview, kept: Mapping[str, str], *, name: str, token: str) -> dict[str, str]:
    model = name or chosen.now(kept, "MODEL_ID")
    if interview.asks and not token:
        interview.say("Make a token here that may call inference providers.")
        interview.page(TOKENS)
    value = interview.secret(
        "HF_TOKEN",
        given=token,
        kept=kept.get("HF_TOKEN", ""),
        option="--hf-token",
        check=lambda typed: doctor.check(chosen.asked("", model, token=typed)),
    )
    return chosen.of_hugging_face(value, model)
