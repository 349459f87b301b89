"""The help, the form and the home page: within what Slack takes, and read as they were written."""

from typing import Any

import pytest

from adapters.slack.text import WORD_JOINER
from adapters.slack.views import (
    INPUT_LENGTH,
    TITLE_LENGTH,
    help_blocks,
    home_view,
    initial_of,
    settings_view,
    values_of,
)
from bot.conversation import Session
from bot.languages import LANGUAGES, speaker
from bot.overview import Overview, SettingShown
from bot.settings import WORDS
from tests.adapters.slack.recorded import recorded

SAY = speaker("en")
VALUES = {
    "temperature": "0.9",
    "top_p": "0.9",
    "max_tokens": "256",
    "repetition_penalty": "1.2",
    "seed": "random",
}


def overview(*, system: str = "", sessions: tuple[Session, ...] = ()) -> Overview:
    typed = VALUES | {"system": system}
    return Overview(
        settings=tuple(SettingShown(word=word, value=typed[word], own=False) for word in WORDS),
        sessions=sessions,
        history_days=30,
    )


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
    form = settings_view(overview(system="You are a lamp."), SAY, metadata="place")
    assert initial_of(form) == VALUES | {"system": "You are a lamp."}
    assert (form["type"], form["callback_id"], form["private_metadata"]) == ("modal", "settings", "place")
    assert all(block["optional"] for block in form["blocks"])
    assert [block["element"]["multiline"] for block in form["blocks"]] == [False] * 5 + [True]
    assert "From 0 to 2" in form["blocks"][0]["hint"]["text"]


def test_a_field_without_a_value_opens_empty() -> None:
    form = settings_view(overview(), SAY, metadata="")
    assert "initial_value" not in form["blocks"][-1]["element"]
    assert initial_of(form)["system"] == ""


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_language_fits_slacks_limits(locale: str) -> None:
    say = speaker(locale)
    long = Session(channel="D1", title="x" * 200, asked_at=1795000000.0)
    form = settings_view(overview(system="s" * 8000), say, metadata="")
    home = home_view(overview(system="s" * 8000, sessions=(long,) * 10), say, metadata="")
    assert all(len(form[name]["text"]) <= TITLE_LENGTH for name in ("title", "submit", "close"))
    assert all(len(block["element"].get("initial_value", "")) <= INPUT_LENGTH for block in form["blocks"])
    assert all(0 < len(text) <= 3000 for text in texts(home))
    assert all(len(block["text"]["text"]) <= 150 for block in home["blocks"] if block["type"] == "header")
    assert all(len(text) <= 12_000 for text in texts(help_blocks(say, 30)))
    assert max(len(view["blocks"]) for view in (form, home)) <= 100


def test_the_home_page_shows_sessions_settings_and_what_is_kept() -> None:
    asked = Session(channel="D1", title="Why is the lamp green?", asked_at=1795000000.0)
    home = home_view(overview(sessions=(asked,)), SAY, metadata="place")
    seen = "\n".join(texts(home))
    assert "• 2026-11-18  Why is the lamp green?" in seen
    assert "• temperature: 0.9" in seen
    assert "30 days" in seen
    assert (home["type"], home["private_metadata"]) == ("home", "place")


def test_an_empty_home_page_says_so() -> None:
    assert SAY("home_no_sessions") in texts(home_view(overview(), SAY, metadata=""))


def test_nothing_that_people_wrote_is_markup_on_the_home_page() -> None:
    loud = Session(channel="D1", title="<!channel> *loud*", asked_at=1795000000.0)
    home = home_view(overview(system="<@U1>", sessions=(loud,)), SAY, metadata="")
    sections = [block["text"] for block in home["blocks"] if block["type"] == "section"]
    assert {text["type"] for text in sections} == {"plain_text"}
    seen = "\n".join(text["text"] for text in sections)
    assert f"<{WORD_JOINER}!channel> *loud*" in seen
    assert f"<{WORD_JOINER}@U1>" in seen


def test_what_stands_in_the_fields_comes_back_by_word() -> None:
    view = recorded("view_submission")["view"]
    view["state"]["values"]["another"] = {"value": {"type": "plain_text_input", "value": "x"}}
    assert values_of(view) == {
        "temperature": "0.3",
        "top_p": "0.9",
        "max_tokens": "256",
        "repetition_penalty": "1.2",
        "seed": "42",
        "system": "",
    }
    assert initial_of(view) == values_of(view) | {"temperature": "0.9"}


def test_the_help_has_buttons_for_what_most_people_look_for() -> None:
    text, actions = help_blocks(SAY, 30)
    assert text == {"type": "markdown", "text": SAY("help", days=30)}
    assert [button["action_id"] for button in actions["elements"]] == ["settings", "show_settings"]
