"""What becomes of a pressed button, a choice in a menu and a form that was sent."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import discord

from adapters.platforms.discord.content import attachments
from adapters.platforms.discord.drafts import Drafts
from adapters.platforms.discord.draw.buttons import FORM, KINDS, PANEL, detached, read_press
from adapters.platforms.discord.draw.forms import (
    ASK,
    FIELDS,
    REASON,
    TEXT,
    changes,
    field_values,
    reason_form,
    scope_of,
    settings_form,
)
from adapters.platforms.discord.draw.panel import Part, custom_id, panel_view, settings_of
from adapters.platforms.discord.interaction_events import (
    First,
    Interaction,
    command_from,
    interaction_channel,
    own_id,
    question_from,
)
from adapters.platforms.discord.interactions import Interactions
from adapters.platforms.discord.references import quote
from adapters.platforms.discord.responses import answer_in_words, first_answer, open_form
from bot.conversation.verbs import SHOW
from bot.languages import Say, speaker

logger = logging.getLogger(__name__)

COMPONENT, SENT = discord.InteractionType.component, discord.InteractionType.modal_submit


class ComponentInteractions:
    """Takes each to the bot; what a form needs is asked for first."""

    def __init__(self, *, interactions: Interactions, drafts: Drafts) -> None:
        self._interactions = interactions
        self._drafts = drafts

    async def answer(self, interaction: Interaction) -> None:
        """Take in a press, a choice or a form; commands are not for here."""
        if interaction.type not in (COMPONENT, SENT):
            return
        say = speaker(interaction.locale.value)
        held: Mapping[str, Any] = interaction.data or {}
        kind, _, rest = str(held["custom_id"]).partition(":")
        parts = rest.split(":")
        try:
            if kind in KINDS and interaction.type is COMPONENT:
                known = await self._button(interaction, str(held["custom_id"]), say)
            elif kind == PANEL and interaction.type is COMPONENT:
                known = await self._panel(interaction, parts, held.get("values", ()), say)
            elif kind == FORM and interaction.type is SENT:
                known = await self._form(interaction, parts, field_values(held["components"]), say)
            else:
                known = False
            if not known and await self._interactions.panel_for_form(interaction) is not None:
                await answer_in_words(interaction, say("old_button"))
        except Exception:
            logger.exception("interaction %s", interaction.id)
            await answer_in_words(interaction, say("unexpected"))

    async def _button(self, interaction: Interaction, identifier: str, say: Say) -> bool:
        """Take in one of the bot's buttons; each of these says whether it knows what it was."""
        press = read_press(identifier)
        if press is None:
            return False
        if press.form:
            if await self._interactions.panel_for_form(interaction) is not None:
                form = reason_form(say, target=press.target, name=press.verb, conversation=press.conversation)
                await open_form(interaction, form)
        else:
            event = command_from(
                interaction,
                press.verb,
                press.argument,
                target=press.target,
                conversation=press.conversation,
            )
            await self._interactions.take(interaction, event)
        return True

    async def _panel(
        self, interaction: Interaction, parts: Sequence[str], chosen: Sequence[str], say: Say
    ) -> bool:
        match parts:
            case [name, *draft] if name in set(FIELDS):
                await self._open(interaction, Part(name), "".join(draft), say)
            case [Part.PROMPT] if chosen:
                await self._set(interaction, settings_of(Part.PROMPT, chosen[0]))
            case [Part.PRESET | Part.INHERIT as name] if chosen:
                await self._set(interaction, settings_of(Part(name), chosen[0]))
            case _:
                return False
        return True

    async def _form(
        self, interaction: Interaction, parts: Sequence[str], filled: dict[str, str], say: Say
    ) -> bool:
        match parts:
            case [name, checks] if name in set(FIELDS):
                await self._save(interaction, Part(name), filled, checks, say)
            case [kind, target, name, conversation] if kind == REASON:
                reason = filled.get(TEXT, "")
                event = command_from(interaction, name, reason, target=target, conversation=conversation)
                await self._interactions.take(interaction, event)
            case [kind, draft] if kind == ASK:
                await self._ask(interaction, draft, filled.get(TEXT, ""), say)
            case _:
                return False
        return True

    async def _open(self, interaction: Interaction, part: Part, draft: str, say: Say) -> None:
        """Open a settings form, with what was typed into it before, if anything was."""
        panel = await self._interactions.panel_for_form(interaction)
        if panel is not None:
            form = settings_form(part, panel, say, typed=self._drafts.filled_fields(draft))
            await open_form(interaction, form)

    async def _save(
        self, interaction: Interaction, part: Part, filled: dict[str, str], checks: str, say: Say
    ) -> None:
        """Set what was changed in a form; what can't be set is named, and the form can be opened again."""
        typed = changes(part, filled, checks)
        if not typed:
            await self._redraw(interaction, say)
            return
        event = command_from(
            interaction,
            SHOW.word,
            "",
            changes=typed,
            scope=scope_of(part, filled),
            first=First.PANEL,
        )
        async with self._interactions.taken(interaction, event) as notice:
            if notice is None:
                return
            if not notice.wrong:
                await self._interactions.answer(event, notice)
                return
            draft = str(interaction.id)
            self._drafts.keep(draft, filled)
            again = discord.ui.View(timeout=None)
            again.add_item(
                discord.ui.Button(
                    style=discord.ButtonStyle.primary,
                    label=say("form_again"),
                    custom_id=custom_id(part, draft),
                )
            )
            await self._show(interaction, notice.text, detached(again))

    async def _redraw(self, interaction: Interaction, say: Say) -> None:
        """Nothing was changed in a form: show what holds now."""
        notice = await self._interactions.panel(interaction)
        if notice is None or notice.panel is None:
            await answer_in_words(interaction, notice.text if notice is not None else say("form_late"))
        else:
            await self._show(interaction, notice.text, panel_view(notice.panel, say))

    async def _show(self, interaction: Interaction, text: str, view: discord.ui.View) -> None:
        """Show it in place of the panel, or beside one that others see too."""
        message = interaction.message
        if message is None or not (message.flags.ephemeral or interaction.guild_id is None):
            await answer_in_words(interaction, text, view)
        elif interaction.response.is_done():
            await first_answer(interaction, interaction.edit_original_response(content=text, view=view))
        else:
            await first_answer(interaction, interaction.response.edit_message(content=text, view=view))

    async def _set(self, interaction: Interaction, changes: Mapping[str, str]) -> None:
        event = command_from(interaction, SHOW.word, "", changes=changes, first=First.PANEL)
        await self._interactions.take(interaction, event)

    async def _ask(self, interaction: Interaction, draft: str, text: str, say: Say) -> None:
        message = self._drafts.message(draft)
        if message is None:
            await answer_in_words(interaction, say("form_late"))
        else:
            about = quote(message, interaction_channel(interaction), bot=own_id(interaction.client))
            quotes = (about,) if about.text else ()
            question = question_from(
                interaction,
                text or (say("ask_default") if quotes else ""),
                quotes=quotes,
                attachments=attachments(message),
            )
            await self._interactions.take(interaction, question)
