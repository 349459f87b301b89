"""The settings as the page draws them: which controls there are, and what stands in them. Pure.

They are read from the table of settings; what stands below an answer is drawn by `draw`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.platforms.web.draw import Json
from bot.conversation.generation import OfferedModel, find_model
from bot.conversation.layers import Effective, Origin
from bot.conversation.settings import DEFAULT, LANGUAGE, PRESET, PRESETS, SETTINGS, WORDS, Kind
from bot.conversation.views import Panel
from bot.languages import Say, languages
from bot.languages.settings import origin

NUMBERS = tuple(each for each in SETTINGS if each.range is not None)
"""The settings that are numbers, each with one control over all that it may be."""

MODEL = next(each.word for each in SETTINGS if each.kind is Kind.MODEL)
SEED = next(each.word for each in SETTINGS if each.random)
"""The words of the settings that two controls or more are drawn for."""

SYSTEM = next(each.word for each in SETTINGS if each.kind is Kind.TEXT)

AS_BROWSER = "browser"
"""What stands in the language menu where no language is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What stands in the controls. `typed`: by word, as it would be typed; `infos`: what each does, and where
    its value comes from. `models`: their names; `model`: what there is to know of the one that is chosen."""

    typed: Mapping[str, str]
    infos: Mapping[str, str]
    preset: str
    language: str
    own: Sequence[str]
    models: Sequence[str]
    model: str
    host: str


def values(panel: Panel, say: Say) -> Values:
    """What stands in the controls of somebody with these settings."""
    typed = {shown.word: shown.value for shown in panel.settings}
    model = find_model(panel.models, typed[MODEL]) or panel.models[0]
    return Values(
        typed=typed,
        infos={shown.word: _info(shown.word, shown.effective, say) for shown in panel.settings},
        preset=panel.preset or DEFAULT,
        language=panel.language or AS_BROWSER,
        own=[each.word for each in panel.settings if each.effective.origin is not Origin.DEFAULT],
        models=[model.name for model in panel.models],
        model=card(model, say),
        host=model.host,
    )


def _info(word: str, setting: Effective, say: Say) -> str:
    info = say(f"web_{word}_info")
    if setting.origin is Origin.DEFAULT:
        return info
    return f"{info} ({origin(setting, say)})"


def chosen_language(choice: str) -> Mapping[str, str]:
    """What a choice in the language menu sets."""
    return {LANGUAGE: DEFAULT if choice == AS_BROWSER else choice}


def table(say: Say) -> Sequence[Mapping[str, Json]]:
    """The settings in the order in which they are drawn: what each is called, and what it may be."""
    choosable = {PRESET: presets(say), LANGUAGE: choices(say)}
    return [
        {
            "word": each.word,
            "kind": each.kind.value,
            "label": say(f"web_{each.word}"),
            "info": say(f"web_{each.word}_info"),
            "low": each.range.low if each.range is not None else None,
            "high": each.range.high if each.range is not None else None,
            "step": each.step or 1,
            "random": each.random,
            "choices": choosable.get(each.word, ()),
        }
        for each in SETTINGS
    ]


def everything_back() -> Mapping[str, str]:
    """What sets all of it back to the defaults, by word."""
    return {PRESET: DEFAULT, **dict.fromkeys(WORDS, DEFAULT)}


def presets(say: Say) -> Sequence[tuple[str, str]]:
    """The presets to choose from: what is read, and what is set."""
    return [(say("web_no_preset"), DEFAULT), *((say(f"preset_{name}"), name) for name in PRESETS)]


def choices(say: Say) -> Sequence[tuple[str, str]]:
    """The languages to choose from, likewise."""
    spoken = languages().items()
    return [(say("web_language_browser"), AS_BROWSER), *((each.name, tag) for tag, each in spoken)]


def card(model: OfferedModel, say: Say) -> str:
    """What there is to know of a model, in Markdown."""
    lines = [f"**{model.id}**"]
    if model.size:
        lines.append(say("web_model_size", size=model.size))
    lines += [say("web_model_context", tokens=model.context_tokens), say("web_model_host", host=model.host)]
    return "  \n".join(lines)
