"""What each verb of the table does: the function of its name, in the module of what it is about."""

import difflib
from collections.abc import Mapping
from types import MappingProxyType

from bot.commands import answers, help, privacy, reset, settings, why  # noqa: A004  # a verb's own name
from bot.commands.context import Context, Handler, Response, plain
from bot.conversation.events import Invoked
from bot.conversation.layers import chosen
from bot.conversation.settings import LANGUAGE
from bot.conversation.verbs import TYPED, VERBS
from bot.conversation.views import Outcome
from bot.languages import speaker

HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        word: next(
            getattr(module, verb.function)
            for module in (answers, settings, reset, privacy, why, help)
            if hasattr(module, verb.function)
        )
        for word, verb in VERBS.items()
    }
)
"""By the verb's word."""

LONGEST_WORD = 32
"""Characters of what was typed in place of a verb that are said again."""


async def invoke(command: Invoked, context: Context) -> Response:
    """Do what a verb says; what comes of it. Raises `StoreUnavailable`."""
    layers = await context.store.settings.read(command.channel, command.person)
    say = speaker(chosen(layers, LANGUAGE) or command.author.locale)
    if handler := HANDLERS.get(command.verb):
        return await handler(command, context, say)
    near = difflib.get_close_matches(command.verb, TYPED, n=1)
    word = command.verb[:LONGEST_WORD]
    return plain(
        say("unknown_command_near", word=word, near=near[0]) if near else say("unknown_command", word=word),
        Outcome.REFUSED,
    )
