"""What a person wants of setup: where the bot shall answer, or later which one thing shall change."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from adapters.operator.setup.interview import Interview
from adapters.operator.setup.kind import MODEL
from adapters.registration import Registration

ALL = "all"


def parts(
    interview: Interview, kept: Mapping[str, str], asked: Sequence[Registration[Any]]
) -> Collection[str]:
    """The names of the platforms to ask about, and `MODEL`. `kept`: what is set now."""
    names = [platform.name for platform in asked]
    there = [platform.title for platform in asked if any(kept.get(name.upper()) for name in platform.secrets)]
    model = kept.get("MODEL_URL") or kept.get("MODELS") or kept.get("HF_TOKEN")
    if not there and not model:
        interview.step("What do you want?")
        interview.say("\n".join(f"{platform.name}: {platform.title}" for platform in asked))
        first = next((platform.name for platform in asked if not platform.credentials), names[0])
        chosen = interview.several("Where shall the bot answer? Several with commas", names, default=first)
        return {*chosen, MODEL}
    interview.step("What shall change?")
    interview.say(f"Set up already: {', '.join([*there, *(['a model'] if model else [])])}.")
    choice = interview.one_of("What shall change?", [*names, MODEL, ALL], option="WHAT", default=ALL)
    return {*names, MODEL} if choice == ALL else {choice}
