"""The settings panel and its forms on a local Discord: what they show, and what is asked of the bot."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from adapters.platforms.discord.platform import DiscordPlatform
from bot.commands.panel import panel as panel_of
from bot.conversation import verbs
from bot.conversation.events import ChannelRef
from bot.conversation.layers import Scope
from bot.conversation.views import Button, Notice, Outcome
from bot.errors import StoreUnavailable
from bot.languages import speaker
from tests.adapters.discord.online import given, online, page, platform_for, post
from tests.adapters.discord.seen import form, seen
from tests.fakes.receiver import Receiver
from tests.fakes.store import InMemoryStore
from tests.servers.discord import DiscordServer, Interaction, Message, User
from tests.servers.discord.permissions import MANAGE_GUILD
from tests.servers.discord.world import EPHEMERAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A channel in which `ann` has opened the panel."""

    server: DiscordServer
    platform: DiscordPlatform
    store: InMemoryStore
    here: ChannelRef
    ann: User
    ear: Receiver
    opened: Interaction

    @property
    def panel(self) -> Message:
        assert self.opened.answered is not None
        return self.opened.answered

    async def form(self, button: str, on: Message | None = None) -> Interaction:
        pressed = await self.server.press(on or self.panel, self.ann, button)
        await self.server.until(lambda: pressed.form)
        return pressed


@pytest.fixture
async def room(server: DiscordServer, ann: User) -> AsyncIterator[Room]:
    store = InMemoryStore()
    platform = platform_for(server)
    here = ChannelRef(platform="discord", workspace=server.world.guild, channel=server.general.id)
    await store.settings.change(here, {"temperature": 0.3, "prompt:pirate": "Arr."}, by="")
    async with online(server, platform, Receiver(given(store), answers=True)) as ear:
        opened = await server.slash(server.general, ann, "settings")
        await ear.command()
        await server.until(lambda: opened.answered)
        yield Room(
            server=server,
            platform=platform,
            store=store,
            here=here,
            ann=ann,
            ear=ear,
            opened=opened,
        )


async def test_the_panel_says_what_holds_and_offers_to_change_it(room: Room) -> None:
    assert room.panel.flags & EPHEMERAL
    text, *rows = seen(room.panel).split("\n[")
    assert "- temperature: 0.3 (channel)" in text
    assert "- top_p: 0.9 (default)" in text
    assert "[" + "[".join(rows) == (
        "[Generation] [Generation, for my questions] [System prompt and model]\n"
        "<Choose a preset>\n"
        "<Choose a saved system prompt>\n"
        "<Set a value back to what is inherited>"
    )


async def test_the_numbers_stand_in_a_form_with_their_ranges_and_origins(room: Room) -> None:
    opened = await room.form("Generation")
    assert form(opened.form) == (
        "== Generation ==\n"
        "temperature: 0.3 | Comes from: channel. From 0 to 2. Empty: what is inherited.\n"
        "top_p: 0.9 | Comes from: default. From 0.05 to 1. Empty: what is inherited.\n"
        "max_tokens: 256 | Comes from: default. From 1 to 4096. Empty: what is inherited.\n"
        "repetition_penalty: 1.2 | Comes from: default. From 1 to 2. Empty: what is inherited.\n"
        "seed: 42 | Comes from: default. A whole number from 0 to 2147483647, or random. "
        "Empty: what is inherited."
    )


async def test_saving_a_form_asks_for_what_was_changed_in_it_and_for_nothing_else(room: Room) -> None:
    opened = await room.form("Generation")
    await room.store.settings.change(room.here, {"top_p": 0.5}, by="")
    sent = await room.server.send_form(opened, {"temperature": "", "seed": "random"})
    command = await room.ear.command()
    await room.server.until(lambda: "- temperature: 0.9 (default)" in room.panel.content)
    changed = "Ann changed temperature from 0.3 to 0.9; seed from 42 to random in this channel."
    assert command.verb == "settings"
    assert command.changes == {"temperature": "default", "seed": "random"}
    assert [(one.content, one.flags & EPHEMERAL) for one in sent.follow_ups] == [(changed, 0)]
    assert [one.content for one in room.server.answers(room.server.general)] == [changed]
    assert "- top_p: 0.5 (channel)" in room.panel.content


async def test_a_form_that_nobody_changed_sets_nothing(room: Room) -> None:
    opened = await room.form("Generation")
    sent = await room.server.send_form(opened)
    await room.server.until(lambda: sent.acknowledged_at)
    await room.server.slash(room.server.general, room.ann, "help")
    assert (await room.ear.command()).verb == "help"
    assert "**Settings here**" in room.panel.content


async def test_a_wrong_value_is_named_and_the_form_opens_again_with_what_was_typed(room: Room) -> None:
    opened = await room.form("Generation")
    sent = await room.server.send_form(opened, {"temperature": "9", "top_p": "0.5"})
    wrong = await room.server.until(lambda: sent.answered)
    assert (
        seen(wrong) == "temperature takes a number from 0 to 2. Nothing was changed.\n[Open the form again]"
    )
    assert (await room.ear.command()).changes == {"temperature": "9", "top_p": "0.5"}
    assert wrong is room.panel
    again = await room.form("Open the form again", wrong)
    assert form(again.form).splitlines()[1:3] == [
        "temperature: 9 | Comes from: channel. From 0 to 2. Empty: what is inherited.",
        "top_p: 0.5 | Comes from: default. From 0.05 to 1. Empty: what is inherited.",
    ]
    await room.server.send_form(again, {"temperature": "1"})
    command = await room.ear.command()
    assert command.changes == {"temperature": "1", "top_p": "0.5"}
    await room.server.until(lambda: "**Settings here**" in room.panel.content)


async def test_the_system_prompt_the_model_and_the_language_have_a_form(room: Room) -> None:
    opened = await room.form("System prompt and model")
    assert form(opened.form) == (
        "== System prompt and model ==\n"
        "system:  | Comes from: default.\n"
        "model: mixtral: 8x7B, a window of 32,768 tokens, on gpu.example.org | Comes from: default.\n"
        "The language of what I say myself: Each person's own\n"
        "where it holds: in this channel"
    )
    await room.server.send_form(opened, {"system": "You are a poet.", "model": "small", "language": "en"})
    command = await room.ear.command()
    assert command.changes == {"system": "You are a poet.", "model": "small", "language": "en"}


async def test_who_may_change_the_channel_has_a_form_for_their_own_questions_too(room: Room) -> None:
    opened = await room.form("Generation, for my questions")
    assert form(opened.form).startswith("== Generation, for my questions ==\ntemperature: 0.3 | ")
    await room.server.send_form(opened, {"temperature": "0.7"})
    command = await room.ear.command()
    assert (command.changes, command.scope) == ({"temperature": "0.7"}, Scope.ME)
    await room.server.until(lambda: "- temperature: 0.7 (for your questions here)" in room.panel.content)


async def test_who_may_not_change_the_channel_sees_what_they_may_change_for_themselves(
    server: DiscordServer, ann: User
) -> None:
    store = InMemoryStore()
    here = ChannelRef(platform="discord", workspace=server.world.guild, channel=server.general.id)
    await store.settings.change(here, {"prompt:pirate": "Arr."}, by="")
    bot = Receiver(replace(given(store), everyone=False), answers=True)
    async with online(server, platform_for(server), bot) as ear:
        used = await server.slash(server.general, ann, "settings")
        await ear.command()
        panel = await server.until(lambda: used.answered)
        assert "What you change holds for your questions here" in panel.content
        assert seen(panel).partition("\n[")[2] == (
            "Generation] [The language of what I say myself]\n<Choose a preset>"
        )
        opened = await server.press(panel, ann, "The language of what I say myself")
        await server.until(lambda: opened.form)
        assert form(opened.form) == (
            "== The language of what I say myself ==\nThe language of what I say myself: Each person's own"
        )
        await server.send_form(opened, {"language": "es"})
        assert (await ear.command()).changes == {"language": "es"}
        await server.until(lambda: "<Set a value back to what is inherited>" in seen(panel))
        await server.choose(panel, ann, "Set a value back to what is inherited", "language")
        assert (await ear.command()).changes == {"language": "default"}


async def test_a_system_prompt_that_no_form_can_hold_is_not_emptied_by_one(room: Room) -> None:
    await room.store.settings.change(room.here, {"system_prompt": "x" * 4001}, by="")
    opened = await room.form("System prompt and model")
    assert "longer than the 4,000 characters" in form(opened.form)
    await room.server.send_form(opened, {"model": "small"})
    assert (await room.ear.command()).changes == {"model": "small"}


async def test_who_manages_the_server_may_choose_all_of_it(server: DiscordServer, ann: User) -> None:
    server.world.add_role("wardens", permissions=MANAGE_GUILD, people=[ann])
    async with online(server, platform_for(server), Receiver(given(), answers=True)) as ear:
        used = await server.slash(server.general, ann, "settings")
        await ear.command()
        shown = await server.until(lambda: used.answered)
        opened = await server.press(shown, ann, "System prompt and model")
        await server.until(lambda: opened.form)
        await server.send_form(opened, {"model": "small", "scope": "workspace"})
        command = await ear.command()
    assert form(opened.form).endswith("where it holds: in this channel")
    assert (command.changes, command.scope) == ({"model": "small"}, Scope.WORKSPACE)


@pytest.mark.parametrize(
    ("menu", "value", "changes"),
    [
        ("Choose a preset", "creative", {"preset": "creative"}),
        ("Choose a saved system prompt", "pirate", {"prompt": "pirate"}),
        ("Set a value back to what is inherited", "temperature", {"temperature": "default"}),
    ],
)
async def test_a_choice_in_a_menu_is_one_press(
    room: Room, menu: str, value: str, changes: dict[str, str]
) -> None:
    room.ear.notice = Notice(text="You may not.")
    chosen = await room.server.choose(room.panel, room.ann, menu, value)
    command = await room.ear.command()
    await room.server.until(lambda: chosen.follow_ups)
    assert (command.verb, command.changes) == ("settings", changes)
    assert [(one.content, one.flags & EPHEMERAL) for one in chosen.follow_ups] == [
        ("You may not.", EPHEMERAL)
    ]
    assert "**Settings here**" in room.panel.content


async def test_a_panel_that_everybody_sees_stays_what_it_is_when_somebody_is_wrong(room: Room) -> None:
    await room.server.say(room.server.general, room.ann, f"{room.server.bot.mention} !settings")
    question = await room.ear.question()
    notice = await panel_of(room.here, question.author, room.ear.context, speaker("en"))
    await room.platform.tell(question, notice)
    [panel] = room.server.answers(room.server.general)
    opened = await room.form("Generation", panel)
    sent = await room.server.send_form(opened, {"seed": "none"})
    wrong = await room.server.until(lambda: sent.answered)
    assert "**Settings here**" in panel.content
    assert wrong.flags & EPHEMERAL
    assert "seed takes a whole number" in wrong.content


async def test_a_panel_in_private_needs_nobodys_leave(server: DiscordServer, ann: User) -> None:
    platform = platform_for(server)
    async with online(server, platform, Receiver(given(), answers=True)) as ear:
        direct = server.world.direct_channel(ann)
        await server.dm(ann, "!settings")
        question = await ear.question()
        notice = await panel_of(question.channel, question.author, ear.context, speaker("en"))
        await platform.tell(question, notice)
        [panel] = server.answers(direct)
        opened = await server.press(panel, ann, "Generation")
        await server.until(lambda: opened.form)
        wrong = await server.send_form(opened, {"seed": "none"})
        await server.until(lambda: "seed takes" in panel.content)
        await ear.command()
        again = await server.press(panel, ann, "Open the form again")
        await server.until(lambda: again.form)
        await server.send_form(again, {"seed": "7"})
        command = await ear.command()
        await server.until(lambda: "**Settings here**" in panel.content)
    assert wrong.answered is panel
    assert command.channel.private
    changed = "Ann changed seed from 42 to 7 for our private conversations."
    assert [one.content for one in server.answers(direct)[1:]] == [changed]


async def test_a_store_that_is_away_is_told_where_a_form_should_open(room: Room) -> None:
    room.store.faults.fails = StoreUnavailable()
    pressed = await room.server.press(room.panel, room.ann, "Generation")
    told = await room.server.until(lambda: pressed.answered)
    assert "took too long" in told.content
    assert told.flags & EPHEMERAL


async def test_a_fault_of_ours_is_told_in_words_and_logged_without_what_was_written(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.store.faults.fails = ValueError("You are a secret poet.")
    pressed = await room.server.press(room.panel, room.ann, "System prompt and model")
    told = await room.server.until(lambda: pressed.answered)
    assert "went wrong" in told.content
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text


async def test_a_question_about_a_message_comes_with_the_message(server: DiscordServer, ann: User) -> None:
    bob = server.world.add_user("bob")
    async with online(server, platform_for(server)) as ear:
        files = [("log.txt", b"x", "text/plain")]
        said = await server.say(server.general, bob, "The lamp is out.", attachments=files)
        opened = [await server.menu(said, ann, "Ask about this message") for _ in range(2)]
        await server.until(lambda: all(each.form for each in opened))
        sent = await server.send_form(opened[0])
        unasked = await ear.question()
        await server.send_form(opened[1], {"text": " Since when? "})
        asked = await ear.question()
    assert (unasked.text, asked.text) == ("What do you think of this?", "Since when?")
    assert [(quote.author, quote.text) for quote in asked.quotes] == [("Bob", "The lamp is out.")]
    assert asked.quotes[0].person == f"discord::{bob.id}"
    assert [file.name for file in asked.attachments] == ["log.txt"]
    assert sent.original is not None
    assert not sent.original.flags & EPHEMERAL


async def test_whoever_is_not_heard_sees_no_form(server: DiscordServer, ann: User) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(server.general, ann, f"{server.bot.mention} why?")
        rate = Button(verb=verbs.BAD.word, target="1", label="Why bad", form=True)
        of_another_time = Button(verb="dance", target="1", label="Dance")
        await post(platform, await ear.question(), page("Because", buttons=(rate, of_another_time)))
        [answer] = server.answers(server.general)
        ear.refusal = Notice(text="You may not.", outcome=Outcome.REFUSED)
        opened = [
            await server.menu(answer, ann, "Ask about this message"),
            await server.press(answer, ann, "Why bad"),
            await server.press(answer, ann, "Dance"),
        ]
        await server.until(lambda: all(each.answered or each.form for each in opened))
        assert ear.events.empty()
    assert [each.form for each in opened] == [None] * 3
    assert [each.answered.content for each in opened if each.answered] == ["You may not."] * 3


async def test_a_question_whose_message_is_forgotten_is_answered_in_words(
    server: DiscordServer, ann: User
) -> None:
    async with online(server, platform_for(server)):
        said = await server.say(server.general, ann, "The lamp is out.")
        opened = await server.menu(said, ann, "Ask about this message")
        await server.until(lambda: opened.form)
    async with online(server, platform_for(server)) as ear:
        sent = await server.send_form(opened)
        told = await server.until(lambda: sent.answered)
        await asyncio.sleep(0)
        assert ear.events.empty()
    assert "try again" in told.content


async def test_why_is_asked_of_a_message_and_in_the_thread_that_begins_at_it(
    server: DiscordServer, ann: User
) -> None:
    async with online(server, platform_for(server, threads=True)) as ear:
        said = await server.say(server.general, ann, "hello")
        await server.menu(said, ann, "Why (not) this answer?")
        plain = await ear.command()
        await server.open_thread(said, "a thread")
        await server.menu(said, ann, "Why (not) this answer?")
        threaded = await ear.command()
    assert (plain.verb, plain.target, plain.channel.channel) == ("why", said.id, server.general.id)
    assert (threaded.target, threaded.channel.channel, threaded.channel.parent) == (
        said.id,
        said.id,
        server.general.id,
    )
