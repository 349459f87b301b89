"""The line that a person writes at a terminal: edited, completed, over several lines, and found again.

It is a part of its own so that a pipe needs no library for terminals.
"""

import os
import sys
from collections.abc import Iterable, Sequence

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.shortcuts import CompleteStyle

from adapters.platforms.console.controls import words


class Prompt:
    """Asks for a question. Enter sends it, Alt+Enter begins a new line, Tab completes a word that begins with
    `/`, ↑ brings earlier questions back; Ctrl-C empties the line, and ends where it is empty, as Ctrl-D does.
    """

    def __init__(self, text: str) -> None:
        output = Vt100_Output.from_pty(sys.stdout, term=os.environ.get("TERM"))
        output.enable_cpr = False  # who has a terminal that does not say where its cursor is would be warned
        self._history = InMemoryHistory()
        self._session: PromptSession[str] = PromptSession(
            text,
            history=self._history,
            multiline=True,
            prompt_continuation=" " * len(text),
            completer=_Words(),
            complete_while_typing=False,
            complete_style=CompleteStyle.READLINE_LIKE,
            reserve_space_for_menu=0,
            key_bindings=_keys(),
            input=create_input(sys.stdin),
            output=output,
        )

    def recall(self, questions: Sequence[str]) -> None:
        """What was asked before, oldest first."""
        for question in questions:
            self._history.append_string(question)

    async def line(self) -> str | None:
        """What is written; `None` at the end."""
        try:
            return await self._session.prompt_async(handle_sigint=False)
        except (EOFError, KeyboardInterrupt):
            return None


class _Words(Completer):
    """The bot's own words, where a question begins like one of them."""

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Those that go on like this."""
        typed = document.text_before_cursor
        for word in words():
            if typed.startswith("/") and word.startswith(typed):
                yield Completion(word, start_position=-len(typed))


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def send(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def new_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @keys.add("c-c")
    def give_up(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt)

    return keys
