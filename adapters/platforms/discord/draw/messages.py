"""What goes into one message: a text, what can be pressed below it, a file. Pure."""

import io
import textwrap
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

import discord

from adapters.platforms.discord.draw.buttons import button_view
from adapters.platforms.discord.draw.panel import panel_view
from adapters.platforms.discord.limits import LIMITS
from adapters.platforms.discord.refusals import Accessory
from bot.conversation.events import ChannelRef
from bot.conversation.views import Button, File, Notice, Page
from bot.languages import Say


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnMessage:
    """One message. `reply_to`: the message in the same channel that it points at; `fileless`: what it says
    where the file is not taken. discord.py can't send the same file object twice, so they are made anew."""

    text: str
    view: discord.ui.View | None = None
    file: File | None = None
    fileless: str = ""
    reply_to: str = ""

    def without(self, accessories: Set[Accessory]) -> "DrawnMessage":
        """The same text alone, or with what is left of what stands beside it."""
        plainer = self
        if Accessory.REFERENCE in accessories and self.reply_to:
            plainer = replace(plainer, reply_to="")
        if Accessory.BUTTONS in accessories and self.view is not None:
            plainer = replace(plainer, view=None)
        if Accessory.FILE in accessories and self.file is not None:
            plainer = replace(plainer, file=None, text=self.fileless)
        return plainer

    def extras(self) -> dict[str, Any]:
        """Arguments of the library's ways to send, beside the text. What is not there is left out.

        Links load nothing: a picture that the model names would tell its server who reads, and when.
        """
        view = {} if self.view is None else {"view": self.view}
        file = {} if self.file is None else {"file": self._attached(self.file)}
        return {"suppress_embeds": True, **view, **file}

    def new_files(self) -> dict[str, Any]:
        """Arguments of the library's ways to edit, beside text and view."""
        return {} if self.file is None else {"attachments": [self._attached(self.file)]}

    @staticmethod
    def _attached(file: File) -> discord.File:
        return discord.File(io.BytesIO(file.content), filename=file.name)


def page_message(page: Page, channel: ChannelRef) -> DrawnMessage:
    """A page of an answer in this conversation."""
    return DrawnMessage(text=page.text, view=buttons_below(page.buttons, channel))


def buttons_below(buttons: Sequence[Button], channel: ChannelRef) -> discord.ui.View | None:
    """What stands below a message of this conversation."""
    return button_view(buttons, conversation=_thread(channel))


def notice_messages(notice: Notice, say: Say, channel: ChannelRef) -> Sequence[DrawnMessage]:
    """A notice of this conversation as messages; what can be pressed and the file are in the last one."""
    texts = textwrap.wrap(
        notice.text,
        LIMITS.page_length,
        expand_tabs=False,
        replace_whitespace=False,
        drop_whitespace=False,
    )
    view = buttons_below(notice.buttons, channel)
    if notice.panel is not None:
        view = panel_view(notice.panel, say)
    *before, last = (DrawnMessage(text=text) for text in texts)
    fileless = say("file_not_taken") if notice.file is not None else ""
    return [*before, replace(last, view=view, file=notice.file, fileless=fileless)]


def _thread(channel: ChannelRef) -> str:
    """What a button has to say of its conversation: a thread that could not be opened is where nobody is."""
    return channel.channel if channel.parent else ""
