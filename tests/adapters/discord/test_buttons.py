"""Buttons below messages on a local Discord: drawn, pressed, and pressed after a restart."""

import pytest

from adapters.platforms.discord.draw.buttons import button_view, read_press, same_buttons
from bot.conversation import verbs
from bot.conversation.events import ChannelRef
from bot.conversation.views import Button, File, Notice
from tests.adapters.discord.online import online, page, platform_for, post
from tests.adapters.discord.seen import seen
from tests.servers.discord import Channel, DiscordServer, User
from tests.servers.discord.world import EPHEMERAL

QUESTION = "1478000000004194305"
VERSIONS = (
    Button(verb=verbs.VERSION.word, target=QUESTION, label="Earlier", argument="1"),
    Button(verb=verbs.VERSION.word, target=QUESTION, label="2/2", argument="2", enabled=False),
    Button(verb=verbs.VERSION.word, target=QUESTION, label="Later", argument="2", enabled=False),
)
BELOW = tuple(
    Button(verb=action, target=QUESTION, label=str(action))
    for action in (verbs.GO_ON.word, verbs.AGAIN.word, verbs.COPY.word, verbs.GOOD.word, verbs.BAD.word)
)
STOP = (Button(verb=verbs.STOP.word, target=QUESTION, label="Stop"),)


async def test_an_answers_buttons_stand_in_rows_and_change_with_it(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        shown = await post(platform, question, page("Be", buttons=STOP))
        growing = seen(server.answers(general)[0])
        await platform.edit(question.channel, shown, page("Because", buttons=(*VERSIONS, *BELOW)))
        settled = seen(server.answers(general)[0])
        await platform.edit(question.channel, shown, page("Because"))
        bare = seen(server.answers(general)[0])
    assert growing == "Be\n[Stop]"
    assert settled == "Because\n[Earlier] (2/2) (Later)\n[continue] [regenerate] [copy] [good] [bad]"
    assert bare == "Because"


async def test_a_page_whose_text_stood_there_before_a_crash_gets_its_buttons(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        await post(platform, question, page("Because", buttons=STOP))
        await post(platform, question, page("Because", buttons=BELOW))
    assert seen(server.answers(general)[0]).endswith("[good] [bad]")


async def test_the_buttons_of_a_first_answer_to_a_command_are_drawn_too(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        interaction = await server.slash(general, ann, "ask", {"text": "why?"})
        question = await ear.question()
        shown = await post(platform, question, page("Be", buttons=STOP))
        assert interaction.original is not None
        assert seen(interaction.original) == "Be\n[Stop]"
        await platform.edit(question.channel, shown, page("Because"))
        assert seen(interaction.original) == "Because"


async def test_a_press_is_answered_at_once_and_means_the_same_after_a_restart(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    async with online(server, platform := platform_for(server)) as ear:
        asked = await server.say(general, ann, f"{server.bot.mention} why?")
        button = Button(verb=verbs.VERSION.word, target=asked.id, label="Earlier", argument="2")
        await post(platform, await ear.question(), page("Because", buttons=(button,)))
    [answer] = server.answers(general)
    async with online(server, platform_for(server)) as ear:
        ear.notice = Notice(text="Shown.")
        pressed = await server.press(answer, ann, "Earlier", locale="de")
        command = await ear.command()
        await server.until(lambda: pressed.answered)
    assert (command.verb, command.target, command.argument) == ("version", asked.id, "2")
    assert command.channel == ChannelRef(platform="discord", workspace=server.world.guild, channel=general.id)
    assert (command.author.id, command.author.locale) == (ann.id, "de")
    assert pressed.answered is not None
    assert (pressed.answered.content, pressed.answered.flags & EPHEMERAL) == ("Shown.", EPHEMERAL)
    assert server.answers(general) == [answer]


async def test_a_reason_is_asked_for_in_a_form_that_outlives_a_restart(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    reason = Button(verb="bad", target=QUESTION, label="Say why", form=True)
    memory_less = platform_for(server)
    async with online(server, memory_less) as ear:
        rated = await server.slash(general, ann, "why")
        await memory_less.tell(await ear.command(), Notice(text="Thank you.", buttons=(reason,)))
        assert rated.answered is not None
        opened = await server.press(rated.answered, ann, "Say why")
        await server.until(lambda: opened.form)
    async with online(server, platform := platform_for(server)) as ear:
        sent = await server.send_form(opened, {"text": " too long "})
        command = await ear.command()
        await platform.tell(command, Notice(text="Noted."))
    assert opened.form is not None
    assert opened.form["title"] == "Why?"
    assert (command.verb, command.target, command.argument) == ("bad", QUESTION, "too long")
    assert sent.answered is not None
    assert sent.answered.flags & EPHEMERAL


@pytest.mark.parametrize("old", ["button:dance:1:::0", "panel:tune", "form", "", "button:stop"])
async def test_a_button_that_nobody_knows_any_more_is_answered_politely(
    server: DiscordServer, general: Channel, ann: User, old: str
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        await post(platform, await ear.question(), page("Because", buttons=STOP))
        [answer] = server.answers(general)
        answer.components[0]["components"][0]["custom_id"] = old
        pressed = await server.press(answer, ann, "Stop")
        told = await server.until(lambda: pressed.answered)
    assert "no longer here" in told.content
    assert told.flags & EPHEMERAL


async def test_a_stop_that_has_outlived_its_answer_goes_with_the_press_where_the_bot_may_not_edit(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        await post(platform, await ear.question(), page("Because", buttons=STOP))
        server.forbid(general, code=50001)
        ear.notice = Notice(text="There is nothing to stop here.", below=BELOW)
        pressed = await server.press(server.answers(general)[0], ann, "Stop")
        [told] = await server.until(lambda: pressed.follow_ups)
    assert seen(server.answers(general)[0]) == "Because\n[continue] [regenerate] [copy] [good] [bad]"
    assert (told.content, told.flags & EPHEMERAL) == ("There is nothing to stop here.", EPHEMERAL)


async def test_below_a_slash_command_there_is_no_button_to_take_away(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    async with online(server, platform_for(server)) as ear:
        ear.notice = Notice(text="There is nothing to stop here.", below=())
        used = await server.slash(general, ann, "stop")
        told = await server.until(lambda: used.answered)
    assert told.content == "There is nothing to stop here."


async def test_of_two_processes_that_hear_a_press_the_one_that_has_it_answers(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    async with (
        online(server, platform := platform_for(server)) as ear,
        online(server, platform_for(server)) as other,
    ):
        await server.until(lambda: server.gateway.identified == 2)
        await server.say(general, ann, f"{server.bot.mention} why?")
        await other.question()
        await post(platform, await ear.question(), page("Because", buttons=STOP))
        other.notice = Notice(text="Stopping.")
        pressed = await server.press(server.answers(general)[0], ann, "Stop")
        for process in (ear, other):
            await process.command()
        await server.until(lambda: pressed.answered)
    assert pressed.answered is not None
    assert pressed.answered.content == "Stopping."
    assert pressed.follow_ups == []
    assert server.edge.statuses[400] == 0


async def test_a_conversation_whose_thread_could_not_be_opened_is_found_by_its_buttons(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server, threads=True)
    server.world.bot_permissions &= ~(1 << 35)
    async with online(server, platform) as ear:
        asked = await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        await post(platform, question, page("Because", buttons=STOP))
        await server.press(server.answers(general)[0], ann, "Stop")
        command = await ear.command()
    assert command.channel == question.channel
    assert command.channel.channel == asked.id


async def test_a_files_reader_gets_it_in_private_where_others_would_see_it(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    notice = Notice(text="Here it is.", file=File(name="answer.md", content=b"*Because.*"))
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} !copy")
        await platform.tell(await ear.question(), notice)
        direct = server.world.direct_channel(ann)
        [private] = server.answers(direct)
        server.forbid(direct, code=50007)
        await server.say(general, ann, f"{server.bot.mention} !export")
        await platform.tell(await ear.question(), notice)
        interaction = await server.slash(general, ann, "copy")
        await platform.tell(await ear.command(), notice)
        await server.dm(ann, "!copy")
    assert (private.content, [file.content for file in private.files]) == ("Here it is.", [b"*Because.*"])
    sent, refused = server.answers(general)
    assert (sent.files, refused.files) == ((), ())
    assert "in private" in sent.content
    assert "slash command" in refused.content
    assert interaction.answered is not None
    assert interaction.answered.flags & EPHEMERAL
    assert [file.name for file in interaction.answered.files] == ["answer.md"]


async def test_a_file_asked_for_in_private_comes_with_the_answer(server: DiscordServer, ann: User) -> None:
    platform = platform_for(server)
    file = File(name="answer.md", content=b"*Because.*")
    async with online(server, platform) as ear:
        asked = await server.dm(ann, "!copy")
        await platform.tell(await ear.question(), Notice(text="Here it is.", file=file))
    [answer] = server.answers(asked.channel)
    assert (answer.content, answer.reference) == ("Here it is.", asked.id)
    assert [(one.name, one.content) for one in answer.files] == [("answer.md", b"*Because.*")]


def test_every_id_fits_with_the_longest_ids_there_are() -> None:
    longest = Button(
        verb=verbs.AGAIN.word, target="9" * 20, label="x" * 200, argument="everything", enabled=True
    )
    assert read_press("button:regenerate:1:::0") is not None
    for number in range(10):
        *_, button = _items((longest,) * (number + 1), "9" * 20)
        assert len(button["custom_id"]) <= 100
        assert len(button["label"]) == 80


def _items(buttons: tuple[Button, ...], conversation: str) -> list[dict[str, str]]:
    view = button_view(buttons, conversation=conversation)
    assert view is not None
    assert not same_buttons(view, [])
    return [item for row in view.to_components() for item in row["components"]]
