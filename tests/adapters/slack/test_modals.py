"""The settings form and the home page: within what Slack takes, and read as they were written."""

from typing import Any

import pytest

from adapters.platforms.slack.limits import INPUT_LENGTH
from adapters.platforms.slack.modals import changes, home_view, initial_of, scope_of, settings_view, values_of
from adapters.platforms.slack.text import WORD_JOINER
from adapters.platforms.slack.translate import place
from bot.conversation.generation import OfferedModel
from bot.conversation.layers import Layer, Layers, Scope, chosen, resolved, saved_prompts
from bot.conversation.settings import WORDS, GenerationSettings
from bot.conversation.turns import Session
from bot.conversation.views import Panel, SettingShown
from bot.languages import languages, speaker
from bot.languages.settings import as_typed
from tests.adapters.slack.recorded import CHANNEL, TEAM, recorded
from tests.servers.slack.block_kit import check_view, state

SAY = speaker("en")
VALUES = {
    "temperature": "0.9",
    "top_p": "0.9",
    "max_tokens": "256",
    "repetition_penalty": "1.2",
    "seed": "42",
    "system": "",
}


def overview(
    channel: Layer | None = None,
    workspace: Layer | None = None,
    *,
    sessions: tuple[Session, ...] = (),
    models: int = 2,
    scopes: tuple[Scope, ...] = (Scope.CHANNEL,),
) -> Panel:
    layers = Layers(channel=channel or {}, workspace=workspace or {})
    effective = resolved(GenerationSettings(model="model 0"), layers)
    return Panel(
        channel=place(TEAM, CHANNEL, private=False),
        settings=tuple(
            SettingShown(
                word=word,
                value=as_typed(effective[field].value),
                effective=effective[field],
                own=field in layers.channel,
            )
            for word, field in WORDS.items()
        ),
        preset=chosen(layers, "preset"),
        language=chosen(layers, "language"),
        prompts=tuple(saved_prompts(layers.channel)),
        models=tuple(
            OfferedModel(name=f"model {n}", id=str(n), host="here", context_tokens=1000)
            for n in range(models)
        ),
        sessions=sessions,
        history_days=30,
        scopes=scopes,
    )


def form_of(seen: Panel) -> Any:
    return settings_view(seen, SAY, metadata="place")


def filled(form: Any, **typed: str) -> Any:
    """The form as it comes back."""
    initial = initial_of(form)
    blocks = {block["block_id"]: block for block in form["blocks"]}
    values = {name: {"value": state(block, typed.get(name, initial[name]))} for name, block in blocks.items()}
    return form | {"state": {"values": values}}


def field(form: Any, name: str) -> Any:
    return next(block for block in form["blocks"] if block["block_id"] == name)


def texts(view: Any) -> list[str]:
    """All that can be read in a view."""
    match view:
        case {"type": "plain_text" | "mrkdwn" | "markdown", "text": str(text)}:
            return [text]
        case dict():
            return [text for each in view.values() for text in texts(each)]
        case list():
            return [text for each in view for text in texts(each)]
    return []


def test_the_form_has_a_field_for_each_setting_with_the_value_that_holds() -> None:
    form = form_of(overview({"system_prompt": "You are a lamp."}))
    expected = VALUES | {"system": "You are a lamp.", "preset": "default", "language": "default"}
    assert initial_of(form) == expected | {"model": "default"}
    assert (form["type"], form["callback_id"], form["private_metadata"]) == ("modal", "settings", "place")
    assert all(block["optional"] for block in form["blocks"])
    multiline = [block["block_id"] for block in form["blocks"] if block["element"].get("multiline")]
    assert multiline == ["system"]


def test_each_field_says_what_holds_where_it_comes_from_and_what_it_takes() -> None:
    form = form_of(overview({"preset": "precise", "seed": 7}, {"max_new_tokens": 99, "model": "model 1"}))
    hints = {block["block_id"]: block["hint"]["text"] for block in form["blocks"] if "hint" in block}
    assert hints["temperature"].startswith("Comes from: preset precise, channel. From 0 to 2.")
    assert "Comes from: channel." in hints["seed"]
    assert "Comes from: workspace." in hints["max_tokens"]
    assert "Comes from: default." in hints["system"]
    assert hints["model"] == "model is model 1 here (workspace)."


def test_menus_show_what_was_chosen_here_and_can_go_back() -> None:
    form = form_of(
        overview({"model": "model 1", "preset": "precise", "language": "en", "prompt:pirate": "Arr"})
    )
    initial = initial_of(form)
    assert {name: initial[name] for name in ("model", "preset", "language", "prompt")} == {
        "model": "model 1",
        "preset": "precise",
        "language": "en",
        "prompt": "",
    }
    back = filled(form, model="default", preset="default", language="default", seed="", prompt="pirate")
    assert changes(back) == dict.fromkeys(("model", "preset", "language", "seed"), "default") | {
        "prompt": "pirate"
    }


def test_nothing_was_changed_in_a_form_that_was_only_opened() -> None:
    assert changes(filled(form_of(overview({"temperature": 0.3, "model": "model 1"})))) == {}


def test_a_preset_is_set_before_the_values_beside_it_and_a_saved_prompt_before_a_typed_one() -> None:
    form = form_of(overview({"prompt:pirate": "Arr"}))
    changed = changes(filled(form, temperature="0.3", preset="precise", system="Hm.", prompt="pirate"))
    assert list(changed) == ["preset", "prompt", "temperature", "system"]


def test_who_may_choose_where_it_holds_is_asked_where() -> None:
    assert "scope" not in initial_of(form_of(overview()))
    form = form_of(overview(scopes=(Scope.CHANNEL, Scope.ME, Scope.WORKSPACE)))
    assert scope_of(filled(form, seed="7")) is Scope.CHANNEL
    assert scope_of(filled(form, seed="7", scope="me")) is Scope.ME
    assert scope_of(filled(form, seed="7", scope="workspace")) is Scope.WORKSPACE
    assert scope_of(filled(form_of(overview()), seed="7")) is None


def test_who_sets_things_for_themselves_alone_is_told_so_and_asked_for_nothing_else() -> None:
    form = form_of(overview({"prompt:pirate": "Arr"}, scopes=(Scope.ME,)))
    assert "for your questions here" in str(form["blocks"][0])
    assert list(initial_of(form)) == [
        "preset",
        "temperature",
        "top_p",
        "max_tokens",
        "repetition_penalty",
        "seed",
        "language",
    ]


@pytest.mark.parametrize("locale", languages())
def test_every_language_fits_slacks_limits(locale: str) -> None:
    say = speaker(locale)
    asked = Session(channel="D1", title="x" * 200, asked_at=1795000000.0)
    prompts = {f"prompt:{'n' * 30}{number}": "x" for number in range(20)}
    full = overview(
        {"system_prompt": "s" * 8000, **prompts}, sessions=(asked,) * 10, models=120, scopes=tuple(Scope)
    )
    check_view(settings_view(full, say, metadata="m" * 3000))
    check_view(home_view(full, say, metadata=""))


def test_a_model_whose_name_is_too_long_for_a_menu_is_left_out() -> None:
    seen = overview()
    long = OfferedModel(name="m" * 151, id="m", host="here", context_tokens=1000)
    form = form_of(Panel(**{name: getattr(seen, name) for name in seen.__slots__} | {"models": (long,)}))
    assert [option["value"] for option in field(form, "model")["element"]["options"]] == ["default"]


def test_a_long_system_prompt_is_cut_in_its_field_and_stays_as_it_is_when_nobody_touches_it() -> None:
    form = form_of(overview({"system_prompt": "s" * 8000}))
    assert len(initial_of(form)["system"]) == INPUT_LENGTH
    assert changes(filled(form, seed="7")) == {"seed": "7"}


def test_the_home_page_shows_sessions_settings_and_what_is_kept() -> None:
    asked = Session(channel="D1", title="Why is the lamp green?", asked_at=1795000000.0)
    home = home_view(overview({"temperature": 0.3}, sessions=(asked,)), SAY, metadata="place")
    seen = "\n".join(texts(home))
    assert "• Nov 18, 2026  Why is the lamp green?" in seen
    assert "• temperature: 0.3 (channel)" in seen
    assert "• system: none (default)" in seen
    assert "30 days" in seen
    assert (home["type"], home["private_metadata"]) == ("home", "place")


def test_an_empty_home_page_says_so() -> None:
    assert SAY("home_no_sessions") in texts(home_view(overview(), SAY, metadata=""))


def test_nothing_that_people_wrote_is_markup_on_the_home_page() -> None:
    loud = Session(channel="D1", title="<!channel> *loud*", asked_at=1795000000.0)
    home = home_view(overview({"system_prompt": "<@U1>"}, sessions=(loud,)), SAY, metadata="")
    sections = [block["text"] for block in home["blocks"] if block["type"] == "section"]
    assert {text["type"] for text in sections} == {"plain_text"}
    seen = "\n".join(text["text"] for text in sections)
    assert f"<{WORD_JOINER}!channel> *loud*" in seen
    assert f"<{WORD_JOINER}@U1>" in seen


def test_what_stands_in_the_fields_comes_back_by_word() -> None:
    view = recorded("view_submission")["view"]
    assert values_of(view) == VALUES | {"temperature": "0.3"}
    assert initial_of(view) == VALUES
    assert set(VALUES) < set(WORDS)
    assert changes(view) == {"temperature": "0.3"}
