"""What becomes of a pressed button, a choice in a menu and a form that was sent."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import discord

from adapters.platforms.discord.acknowledging import acknowledged, said, went
from adapters.platforms.discord.asking import Asking
from adapters.platforms.discord.components import FORM, KINDS, PANEL, pressed, settled
from adapters.platforms.discord.drafts import Drafts
from adapters.platforms.discord.forms import (
    ASK,
    FIELDS,
    REASON,
    TEXT,
    WHOLE,
    changed,
    filled_in,
    reason_form,
    settings_form,
)
from adapters.platforms.discord.invocations import First, Interaction, alone, asked, invoked, opened, where
from adapters.platforms.discord.panel import Part, custom_id, panel_view, settings_of
from adapters.platforms.discord.translate import attachments, quote
from bot.conversation.events import Event, Invoked, Opened
from bot.conversation.verbs import SHOW
from bot.conversation.views import Notice
from bot.errors import StoreUnavailable
from bot.languages import Say, speaker

logger = logging.getLogger(__name__)

Take = Callable[[Event], None]

COMPONENT, SENT = discord.InteractionType.component, discord.InteractionType.modal_submit


class Presses:
    """Acknowledges each at once and gives what it asks for to `take`; what a form needs is asked for first.
    `answer` shows what the bot gives back."""

    def __init__(
        self,
        *,
        take: Take,
        asking: Asking,
        answer: Callable[[Event, Notice], Awaitable[None]],
        drafts: Drafts,
    ) -> None:
        self._take = take
        self._asking = asking
        self._answer = answer
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
                known = await self._form(interaction, parts, filled_in(held["components"]), say)
            else:
                known = False
            if not known:
                await said(interaction, say("old_button"))
        except StoreUnavailable:
            await said(interaction, say("store_unavailable"))
        except Exception:
            logger.exception("interaction %s", interaction.id)
            if not interaction.response.is_done():
                await said(interaction, say("unexpected"))

    async def _button(self, interaction: Interaction, identifier: str, say: Say) -> bool:
        """Take in one of the bot's buttons; each of these says whether it knows what it was."""
        press = pressed(identifier)
        if press is None:
            return False
        if press.form:
            form = reason_form(say, target=press.target, name=press.verb, conversation=press.conversation)
            await went(interaction, interaction.response.send_modal(form))
        elif await acknowledged(interaction, alone(interaction)):
            self._take(
                invoked(
                    interaction,
                    press.verb,
                    press.argument,
                    target=press.target,
                    conversation=press.conversation,
                )
            )
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
                if await acknowledged(interaction, alone(interaction)):
                    self._take(
                        invoked(
                            interaction,
                            name,
                            filled.get(TEXT, ""),
                            target=target,
                            conversation=conversation,
                        )
                    )
            case [kind, draft] if kind == ASK:
                await self._ask(interaction, draft, filled.get(TEXT, ""), say)
            case _:
                return False
        return True

    async def _open(self, interaction: Interaction, part: Part, draft: str, say: Say) -> None:
        """Open a settings form, with what was typed into it before, if anything was."""
        notice = await self._asking.notice(opened(interaction))
        if notice is None or notice.panel is None:
            await said(interaction, notice.text if notice is not None else say("form_late"))
            return
        form = settings_form(part, notice.panel, say, typed=self._drafts.typed(draft))
        await went(interaction, interaction.response.send_modal(form))

    async def _save(
        self, interaction: Interaction, part: Part, filled: dict[str, str], checks: str, say: Say
    ) -> None:
        """Set what was changed in a form; what can't be set is named, and the form can be opened again."""
        typed = changed(part, filled, checks)
        event: Invoked | Opened = opened(interaction)
        if typed:
            event = invoked(
                interaction, SHOW.word, "", changes=typed, whole=WHOLE in filled, first=First.PANEL
            )
        notice = await self._asking.notice(event)
        if notice is None:
            await said(interaction, say("form_late"))
        elif notice.wrong:
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
            await self._show(interaction, notice.text, settled(again))
        elif notice.panel is not None:
            await self._show(interaction, notice.text, panel_view(notice.panel, say))
        elif await acknowledged(interaction, First.PANEL):
            await self._answer(event, notice)

    async def _show(self, interaction: Interaction, text: str, view: discord.ui.View) -> None:
        """Show it in place of the panel, or beside one that others see too."""
        message = interaction.message
        if message is not None and (message.flags.ephemeral or interaction.guild_id is None):
            await went(interaction, interaction.response.edit_message(content=text, view=view))
        else:
            await said(interaction, text, view)

    async def _set(self, interaction: Interaction, changes: Mapping[str, str]) -> None:
        if await acknowledged(interaction, First.PANEL):
            self._take(invoked(interaction, SHOW.word, "", changes=changes, first=First.PANEL))

    async def _ask(self, interaction: Interaction, draft: str, text: str, say: Say) -> None:
        message = self._drafts.message(draft)
        if message is None:
            await said(interaction, say("form_late"))
        elif await acknowledged(interaction, First.OPEN):
            quotes = (quote(message, where(interaction)),) if message.content else ()
            question = asked(
                interaction,
                text or say("ask_default"),
                quotes=quotes,
                attachments=attachments(message),
            )
            self._take(question)
