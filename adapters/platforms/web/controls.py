"""The settings as the page draws them: which controls there are, and what stands in them. Pure.

They are read from the table of settings; the buttons below an answer are drawn by `draw`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.generation import OfferedModel, find_model
from bot.conversation.layers import Effective, Origin
from bot.conversation.settings import DEFAULT, LANGUAGE, PRESET, PRESETS, RANDOM, SETTINGS, WORDS, Kind
from bot.conversation.views import Panel
from bot.languages import Say, languages
from bot.languages.settings import origin

SLIDERS = tuple(each for each in SETTINGS if each.handle is not None)
"""The numbers with a handle to draw. What is beyond its end is typed beside it."""

MODEL = next(each.word for each in SETTINGS if each.kind is Kind.MODEL)
SEED = next(each.word for each in SETTINGS if each.random)
"""The words of the settings that two controls or more are drawn for."""

FIRST = SLIDERS[0].word
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
    models: Sequence[str]
    model: str


def values(panel: Panel, say: Say) -> Values:
    """What stands in the controls of somebody with these settings."""
    typed = {shown.word: shown.value for shown in panel.settings}
    return Values(
        typed=typed,
        infos={shown.word: _info(shown.word, shown.effective, say) for shown in panel.settings},
        preset=panel.preset or DEFAULT,
        language=panel.language or AS_BROWSER,
        models=[model.name for model in panel.models],
        model=card(panel.models, typed[MODEL], say),
    )


def _info(word: str, setting: Effective, say: Say) -> str:
    info = say(f"web_{word}_info")
    if setting.origin is Origin.DEFAULT:
        return info
    return f"{info} ({origin(setting, say)})"


def seed(typed: str, *, random: bool) -> str:
    """The seed that two controls come to: a field and a tick."""
    return RANDOM if random else typed.strip() or DEFAULT


def chosen_language(choice: str) -> Mapping[str, str]:
    """What a choice in the language menu sets."""
    return {LANGUAGE: DEFAULT if choice == AS_BROWSER else choice}


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


def card(models: Sequence[OfferedModel], name: str, say: Say) -> str:
    """What there is to know of a model, in Markdown."""
    model = find_model(models, name) or models[0]
    lines = [f"**{model.id}**"]
    if model.size:
        lines.append(say("web_model_size", size=model.size))
    lines += [say("web_model_context", tokens=model.context_tokens), say("web_model_host", host=model.host)]
    return "  \n".join(lines)
