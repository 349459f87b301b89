"""What people set: values and where they come from, who may, presets, prompts, models, languages."""

import pytest

from bot.commands import invoke
from bot.conversation.events import ChannelRef, Invoked, Standing
from bot.conversation.layers import Scope
from bot.conversation.settings import PRESETS
from bot.conversation.views import Notice, Outcome
from tests.fakes.messages import ADA, CHANNEL, MANAGER, PRIVATE, command
from tests.fakes.receiver import context

MANAGER_BOB = type(ADA)(id="u-bob", name="Bob", standing=Standing.CHANNEL)
ADMIN = type(ADA)(id="u-root", name="Root", standing=Standing.WORKSPACE)


class Room:
    """A place, and what the bot answers there to words."""

    def __init__(self) -> None:
        self._context = context(everyone=False)

    async def notice(self, invoked: Invoked) -> Notice:
        response = await invoke(invoked, self._context)
        assert response.notice is not None
        return response.notice

    async def says(self, name: str, argument: str = "", **more: object) -> str:
        return (await self.notice(command(name, argument, **more))).text  # type: ignore[arg-type]


@pytest.fixture
def room() -> Room:
    return Room()


async def test_a_change_is_announced_with_who_and_what(room: Room) -> None:
    notice = await room.notice(command("temperature", "0.3"))
    assert notice.text == "Ada changed temperature from 0.9 to 0.3 in this channel."
    assert notice.public


async def test_a_private_change_is_told_to_nobody_else(room: Room) -> None:
    notice = await room.notice(command("temperature", "0.3", channel=PRIVATE, author=ADA))
    assert "for our private conversations" in notice.text
    assert not notice.public


async def test_a_value_says_where_it_comes_from(room: Room) -> None:
    assert "is 0.9 here (default)" in await room.says("temperature")
    await room.says("temperature", "0.5", scope=Scope.WORKSPACE, author=ADMIN)
    assert "is 0.5 here (workspace)" in await room.says("temperature")
    await room.says("temperature", "0.3")
    assert "is 0.3 here (channel)" in await room.says("temperature")
    assert "is 0.9 here (default)" in await room.says("temperature", channel=PRIVATE)
    await room.says("preset", "precise", channel=PRIVATE)
    assert "is 0.2 here (preset precise, your private session)" in await room.says(
        "temperature", channel=PRIVATE
    )


async def test_default_goes_back_to_what_is_inherited(room: Room) -> None:
    await room.says("temperature", "0.5", scope=Scope.WORKSPACE, author=ADMIN)
    await room.says("temperature", "0.3")
    assert "from 0.3 to 0.5" in await room.says("temperature", "default")


async def test_a_preset_takes_the_place_of_the_values_that_it_sets(room: Room) -> None:
    await room.says("temperature", "0.3")
    await room.says("seed", "7")
    assert "preset to creative" in await room.says("preset", "creative")
    shown = await room.says("settings")
    for word, value in PRESETS["creative"].items():
        assert f"{word}: {value} (preset creative, channel)" in shown
    assert "seed: 7 (channel)" in shown
    await room.says("temperature", "0.4")
    assert "temperature: 0.4 (channel)" in await room.says("settings")


async def test_only_who_manages_a_channel_may_change_it(room: Room) -> None:
    for word, value in (("system", "You are a pirate."), ("model", "small"), ("prompt", "pirate")):
        assert "Only people who manage this channel" in await room.says(word, value, author=ADA)
    assert "Only people who manage this channel" in await room.says("prompt", "save x Hi", author=ADA)
    assert "is 0.9 here" in await room.says("temperature", author=ADA)
    for everybody, refusal in ((Scope.CHANNEL, "this channel"), (Scope.WORKSPACE, "the workspace")):
        refused = await room.says("temperature", "0.3", scope=everybody, author=ADA)
        assert f"Only people who manage {refusal} may" in refused
    assert "is 0.9 here" in await room.says("temperature", author=ADA)
    refused = await room.says("seed", "1", scope=Scope.WORKSPACE, author=MANAGER)
    assert "Only people who manage the workspace" in refused


async def test_who_may_not_change_a_channel_changes_it_for_their_own_questions(room: Room) -> None:
    await room.says("top_p", "0.5", author=MANAGER_BOB)
    notice = await room.notice(command("temperature", "0.3", author=ADA))
    assert notice.text == (
        "Changed temperature from 0.9 to 0.3, for your questions here; a manager sets it for all."
    )
    assert not notice.public
    assert "is 0.3 here (for your questions here)" in await room.says("temperature", author=ADA)
    assert "is 0.9 here (default)" in await room.says("temperature", author=MANAGER_BOB)
    shown = await room.says("settings", author=ADA)
    assert "temperature: 0.3 (for your questions here)" in shown
    assert "top_p: 0.5 (channel)" in shown
    assert shown.endswith("What you change holds for your questions here; a manager sets it for all.")
    back = await room.says("temperature", "default", author=ADA)
    assert "from 0.3 to 0.9, for your questions here" in back
    assert "is 0.9 here (default)" in await room.says("temperature", author=ADA)


async def test_a_preset_and_a_language_can_be_somebodys_own(room: Room) -> None:
    await room.says("preset", "precise", author=ADA)
    await room.says("language", "es", author=ADA)
    told = await room.says("temperature", author=ADA)
    assert "es 0,2 (por el preset preciso, para tus preguntas aquí)" in told
    notice = await room.notice(command("settings", author=ADA))
    shown = notice.panel
    assert shown is not None
    assert "- language: es (para tus preguntas aquí)" in notice.text
    assert (shown.preset, shown.language, shown.personal) == ("precise", "es", True)
    for_bob = (await room.notice(command("settings", author=MANAGER_BOB))).panel
    assert for_bob is not None
    assert (for_bob.preset, for_bob.language, for_bob.personal) == ("", "", False)


async def test_who_manages_a_channel_chooses_for_whom(room: Room) -> None:
    own = await room.says("temperature", "0.3", scope=Scope.ME)
    assert own == "Changed temperature from 0.9 to 0.3, for your questions here."
    assert "from 0.9 to 0.5 in this channel" in await room.says("temperature", "0.5", scope=Scope.CHANNEL)
    assert "is 0.3 here (for your questions here)" in await room.says("temperature")
    assert "is 0.5 here (channel)" in await room.says("temperature", author=MANAGER_BOB)
    await room.says("temperature", "default", scope=Scope.ME)
    assert "is 0.5 here (channel)" in await room.says("temperature")


@pytest.mark.parametrize(
    ("word", "value"), [("system", "You are a pirate."), ("model", "small"), ("prompt", "x")]
)
async def test_nobody_has_a_system_prompt_or_a_model_of_their_own(room: Room, word: str, value: str) -> None:
    await room.says("prompt", "save x You are a poet.")
    wrong = await room.notice(
        command("settings", changes={"temperature": "0.3", word: value}, scope=Scope.ME)
    )
    assert dict(wrong.wrong) == {word: f"{word} is the same for all in a channel. Nothing was changed."}
    wrong = await room.notice(command("settings", changes={"temperature": "0.3", word: value}, author=ADA))
    assert "Only people who manage this channel" in wrong.wrong[word]
    assert "is 0.9 here (default)" in await room.says("temperature", author=ADA)


async def test_in_private_nobody_else_is_there_to_have_other_settings(room: Room) -> None:
    text = await room.says("temperature", "0.3", scope=Scope.ME, channel=PRIVATE, author=ADA)
    assert "for our private conversations" in text
    assert "is 0.3 here (your private session)" in await room.says("temperature", channel=PRIVATE, author=ADA)


async def test_a_place_without_a_workspace_has_no_workspace_to_set(room: Room) -> None:
    said = await room.says("seed", "1", scope=Scope.WORKSPACE, channel=PRIVATE, author=ADMIN)
    assert "no workspace" in said


async def test_out_of_range_is_answered_with_the_range_and_changes_nothing(room: Room) -> None:
    assert "from 0 to 2" in await room.says("temperature", "9")
    assert "`random`" in await room.says("seed", "many")
    assert "at most 2,000 tokens" in await room.says("system", "word " * 2001)
    assert "is 0.9 here" in await room.says("temperature")


async def test_a_form_sets_everything_or_nothing(room: Room) -> None:
    wrong = await room.notice(command("settings", changes={"temperature": "0.3", "seed": "many"}))
    assert "`random`" in wrong.wrong["seed"]
    assert set(wrong.wrong) == {"seed"}
    assert wrong.outcome is Outcome.REFUSED
    assert "is 0.9 here" in await room.says("temperature")
    text = await room.says("settings", changes={"temperature": "0.3", "seed": "random"})
    assert text == "Ada changed temperature from 0.9 to 0.3; seed from 42 to random in this channel."


async def test_system_prompts_are_kept_by_name_and_picked(room: Room) -> None:
    await room.says("system", "You are a pirate.")
    assert "Kept under the name pirate" in await room.says("prompt", "save pirate")
    await room.says("prompt", "save poet You are a poet.")
    assert "`pirate`, `poet`" in await room.says("prompt")
    assert "“You are a poet.”" in await room.says("prompt", "poet")
    assert "No system prompt of that name" in await room.says("prompt", "nobody")
    await room.says("prompt", "delete pirate")
    assert "pirate" not in await room.says("prompt")


async def test_a_model_is_picked_by_name_and_a_wrong_one_names_its_neighbour(room: Room) -> None:
    assert "model from mixtral to other" in await room.says("model", "other")
    assert "Did you mean `other`" in await room.says("model", "othr")


async def test_the_models_are_shown_with_what_a_person_should_know(room: Room) -> None:
    assert await room.says("model") == (
        "model is mixtral here (default).\n"
        "- `mixtral`: a window of 1,000 tokens, on here\n"
        "- `other`: a window of 1,000 tokens, on here"
    )


async def test_the_channels_language_is_spoken_in_public_lines(room: Room) -> None:
    await room.says("language", "es")
    notice = await room.notice(command("temperature", "0.3"))
    assert "0,9" in notice.text
    assert "0.9" not in notice.text


async def test_settings_in_one_channel_are_none_in_another(room: Room) -> None:
    await room.says("temperature", "0.3")
    elsewhere = ChannelRef(platform=CHANNEL.platform, workspace="w", channel="elsewhere")
    assert "is 0.9 here" in await room.says("temperature", channel=elsewhere)


async def test_the_panel_has_all_that_a_form_draws(room: Room) -> None:
    await room.says("system", "You are a pirate.")
    await room.says("prompt", "save pirate")
    panel = (await room.notice(command("settings"))).panel
    assert panel is not None
    values = {each.word: (each.value, each.own) for each in panel.settings}
    assert values["system"] == ("You are a pirate.", True)
    assert values["temperature"] == ("0.9", False)
    assert panel.prompts == ("pirate",)
    assert [model.name for model in panel.models] == ["mixtral", "other"]


async def test_a_form_picks_a_saved_prompt_by_its_name(room: Room) -> None:
    await room.says("prompt", "save pirate You are a pirate.")
    changed = await room.says("settings", changes={"prompt": "pirate", "seed": "7"})
    assert "system from none to “You are a pirate.”" in changed
    assert "seed from 42 to 7" in changed
    both = {"prompt": "pirate", "system": "You are a lamp."}
    assert "“You are a lamp.”" in await room.says("settings", changes=both)
    changed = await room.says("settings", changes={"prompt": "pirate"}, scope=Scope.WORKSPACE, author=ADMIN)
    assert "for the whole workspace" in changed
    assert "There are: `pirate`" in await room.says("settings", changes={"prompt": "ninja"})
