"""The settings beside the conversation."""

from adapters.platforms.web import controls
from adapters.platforms.web.actions import Actions
from adapters.platforms.web.controls import AS_BROWSER, Values
from adapters.platforms.web.visitors import Visitor
from bot.conversation.settings import DEFAULT, LANGUAGE, PRESET, RANDOM, SETTINGS, WORDS
from bot.conversation.views import Outcome
from bot.languages import languages, speaker
from tests.fakes.receiver import Receiver

ADA = Visitor(browser="b1")
EN = speaker("en")


async def shown(actions: Actions) -> Values:
    panel = await actions.panel(ADA, "en")
    assert panel is not None
    return controls.values(panel, EN)


async def test_the_defaults_stand_there_as_they_would_be_typed() -> None:
    values = await shown(Actions(receive=Receiver().receive))
    assert set(values.typed) == set(WORDS)
    assert (values.typed["temperature"], values.typed["seed"]) == ("0.9", "42")
    assert (values.preset, values.language) == (DEFAULT, AS_BROWSER)
    assert (values.models, values.typed["model"]) == (["mixtral", "other"], "mixtral")
    assert "**mixtral**" in values.model
    assert (values.host, values.own) == ("here", [])


async def test_what_is_set_is_said_to_be_ones_own() -> None:
    actions = Actions(receive=Receiver(answers=True).receive)
    notice = await actions.save(ADA, "en", {"temperature": "0.3"})
    assert notice.outcome is Outcome.DONE
    values = await shown(actions)
    assert values.typed["temperature"] == "0.3"
    assert values.infos["temperature"] != EN("web_temperature_info")
    assert values.infos["top_p"] == EN("web_top_p_info")
    assert values.own == ["temperature"]


async def test_of_several_settings_all_are_set_or_none() -> None:
    actions = Actions(receive=Receiver(answers=True).receive)
    notice = await actions.save(ADA, "en", {"temperature": "7", "top_p": "0.5"})
    assert notice.outcome is Outcome.REFUSED
    assert set(notice.wrong) == {"temperature"}
    assert (await shown(actions)).typed["top_p"] == "0.9"


async def test_everything_goes_back_to_the_defaults() -> None:
    actions = Actions(receive=Receiver(answers=True).receive)
    before = await shown(actions)
    await actions.save(ADA, "en", {"top_p": "0.5", "seed": RANDOM, "system": "Be brief.", "model": "other"})
    await actions.save(ADA, "en", controls.chosen_language("es"))
    await actions.save(ADA, "en", {PRESET: "precise"})
    changed = await shown(actions)
    assert (changed.preset, changed.language, changed.typed["seed"]) == ("precise", "es", RANDOM)
    notice = await actions.save(ADA, "en", controls.everything_back())
    assert notice.outcome is Outcome.DONE
    after = await shown(actions)
    assert (after.typed, after.preset, after.language) == (before.typed, before.preset, "es")


def test_the_browsers_language_is_none_of_ones_own() -> None:
    assert controls.chosen_language(AS_BROWSER) == {LANGUAGE: DEFAULT}
    assert controls.chosen_language("es") == {LANGUAGE: "es"}


def test_every_language_and_every_preset_can_be_chosen() -> None:
    assert [value for _, value in controls.choices(EN)] == [AS_BROWSER, *languages()]
    assert [value for _, value in controls.presets(EN)] == [DEFAULT, "precise", "balanced", "creative"]


def test_every_setting_has_one_control_over_all_that_it_may_be() -> None:
    drawn = {each["word"]: each for each in controls.table(EN)}
    assert list(drawn) == [each.word for each in SETTINGS]
    assert (drawn["temperature"]["low"], drawn["temperature"]["high"]) == (0, 2)
    assert [word for word, each in drawn.items() if each["choices"]] == [PRESET, LANGUAGE]
