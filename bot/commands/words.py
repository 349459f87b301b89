"""Which of the things that people write are verbs."""

import re
from dataclasses import replace

from bot.conversation.events import Address, Invoked, Said, Spoken
from bot.conversation.layers import Scope
from bot.conversation.settings import BY_WORD, Kind
from bot.conversation.verbs import ASK, HELLO, STOP, VERBS, Argument

SCOPE = re.compile(rf"(?:^|\s)(?P<marked>--|scope\s*[:=]\s*)?(?P<scope>{'|'.join(Scope)})\s*$", re.IGNORECASE)
"""Typed behind a value: for whom it is set. Without a mark before it, as `0.3 me`, it may be a text's last
word."""


def as_verb(event: Spoken) -> Spoken:
    """What an event really asks for: `!temperature 0.3` is a verb, and so is nothing at all (a hello).

    A follow-up without a mention is never a verb: it may be meant for another bot.
    """
    if not isinstance(event, Said):
        return with_typed_scope(event)
    if event.address in (Address.FOLLOW_UP, Address.OVERHEARD):
        return event
    text = event.text.strip()
    beside = event.attachments or event.quotes
    if event.address is Address.COMMAND:
        return event if text or beside else _invoked(event, ASK.word, "")
    if text.startswith("!"):
        word, _, argument = text[1:].partition(" ")
        if word.lower() == ASK.word and argument.strip():
            return replace(event, text=argument.strip())
        if word and word.replace("_", "").isalpha():
            return with_typed_scope(_invoked(event, word.lower(), argument.strip()))
    if text.lower() == STOP.word:
        return _invoked(event, STOP.word, "")
    if not text and not beside:
        return _invoked(event, HELLO.word, "")
    return event


def with_typed_scope(command: Invoked) -> Invoked:
    """`0.3 --workspace`, `0.3 scope: me` or `0.3 me` as it was meant, behind a setting's verb."""
    verb = VERBS.get(command.verb)
    if verb is None or verb.argument is not Argument.VALUE:
        return command
    typed = SCOPE.search(command.argument)
    if typed is None:
        return command
    value = command.argument[: typed.start()].rstrip()
    if not typed["marked"] and (not value or BY_WORD[verb.word].kind is Kind.TEXT):
        return command
    return replace(command, argument=value, scope=Scope(typed["scope"].lower()))


def _invoked(event: Said, verb: str, argument: str) -> Invoked:
    return Invoked(
        channel=event.channel,
        id=event.id,
        author=event.author,
        verb=verb,
        argument=argument,
        target=event.target,
        reply=event.reply,
    )
