"""What people set: values, presets, system prompts, the model, the language; and what is set."""

import re
from collections.abc import Iterable, Mapping, Sequence

from bot.commands.context import Context, Response, plain
from bot.commands.panel import open_scopes, panel
from bot.conversation.events import Invoked
from bot.conversation.generation import find_model
from bot.conversation.layers import Layers, Scope, chosen, resolved, saved_prompts
from bot.conversation.settings import (
    BY_WORD,
    DEFAULT,
    LANGUAGE,
    PRESET,
    PRESETS,
    PROMPT,
    SETTINGS,
    WORDS,
    BadValue,
    Kind,
    SettingValue,
    parse_setting,
)
from bot.conversation.verbs import PROMPT as PROMPT_VERB
from bot.conversation.views import Notice, Outcome
from bot.languages import Say, languages, speaker
from bot.languages.settings import card, in_words, name_list, no_such_model, origin, out_of_range, place

PROMPT_NAME = re.compile(r"[\w-]{1,32}")
MOST_PROMPTS = 20
"""System prompts that a channel keeps: as many as fit a menu on every platform (the smallest takes 25)."""

SAVE, DELETE = "save", "delete"


class Refused(ValueError):
    """What was typed can't be set; the message says why, in the person's language."""


async def setting(command: Invoked, context: Context, say: Say) -> Response:
    """Set a value; without one, tell the value that holds."""
    word = command.verb
    if command.argument:
        return await _change(command, {word: command.argument}, context, say)
    layers = await context.store.settings.read(command.channel, command.person)
    return plain(_tell(word, layers, context, say))


async def model(command: Invoked, context: Context, say: Say) -> Response:
    """Choose a model; without its name, tell which there are."""
    if command.argument:
        return await setting(command, context, say)
    layers = await context.store.settings.read(command.channel, command.person)
    lines = [f"- `{each.name}`: {card(each, say)}" for each in context.models]
    return plain("\n".join([_tell(command.verb, layers, context, say), *lines]))


async def preset(command: Invoked, context: Context, say: Say) -> Response:
    """Choose a preset; without its name, tell which there are."""
    if not command.argument:
        return plain(say("presets", names=name_list(PRESETS)))
    return await _change(command, {PRESET: command.argument}, context, say)


async def language(command: Invoked, context: Context, say: Say) -> Response:
    """Choose a language; without its tag, tell which there are."""
    if not command.argument:
        return plain(say("languages", names=name_list(languages())))
    return await _change(command, {LANGUAGE: command.argument}, context, say)


async def settings(command: Invoked, context: Context, say: Say) -> Response:
    """Set what a form changed; without anything, show what is set."""
    if command.changes:
        return await _change(command, command.changes, context, say)
    return Response(notice=await panel(command.channel, command.author, context, say))


async def prompt(command: Invoked, context: Context, say: Say) -> Response:
    """Pick, keep or delete a system prompt; without anything, tell which there are."""
    layers = await context.store.settings.read(command.channel, command.person)
    saved = saved_prompts(layers.channel)
    verb, _, rest = command.argument.partition(" ")
    name, _, text = rest.strip().partition(" ")
    match verb:
        case "":
            return plain(say("prompts", names=name_list(saved)) if saved else say("no_prompts"))
        case "save" if PROMPT_NAME.fullmatch(name) and name not in (SAVE, DELETE):
            text = text.strip() or str(resolved(context.defaults, layers)["system_prompt"].value)
            if not text:
                return plain(say("prompt_empty", name=name), Outcome.REFUSED)
            if len(saved) >= MOST_PROMPTS and name not in saved:
                return plain(say("too_many_prompts", count=MOST_PROMPTS), Outcome.REFUSED)
            return await _save_prompt(command, name, text, context, say)
        case "delete" if name in saved:
            return await _save_prompt(command, name, None, context, say)
        case _:
            return await _change(command, {PROMPT_VERB.word: command.argument}, context, say)


async def _save_prompt(command: Invoked, name: str, text: str | None, context: Context, say: Say) -> Response:
    if Scope.CHANNEL not in open_scopes(command.channel, command.author, context):
        return plain(say("may_not_set"), Outcome.REFUSED)
    if text is not None:
        try:
            _parsed("system", text, context, say)
        except Refused as refused:
            return plain(str(refused), Outcome.REFUSED)
    await context.store.settings.change(command.channel, {f"{PROMPT}{name}": text}, by=command.person)
    return plain(say("prompt_deleted" if text is None else "prompt_saved", name=name), Outcome.DONE)


async def _change(command: Invoked, typed: Mapping[str, str], context: Context, say: Say) -> Response:
    """Set what was typed, all or nothing, and say in a line who set what."""
    scopes = open_scopes(command.channel, command.author, context)
    try:
        scope = _scope(command, scopes, say)
    except Refused as refused:
        return plain(str(refused), Outcome.REFUSED)
    before = await context.store.settings.read(command.channel, command.person)
    wrong = _shared(typed, say, managing=Scope.CHANNEL in scopes) if scope is Scope.ME else {}
    typed, unknown = _with_prompt({word: typed[word] for word in typed if word not in wrong}, before, say)
    wrong |= unknown
    changes: dict[str, SettingValue] = {}
    for word, text in typed.items():
        try:
            changes |= _parsed(word, text, context, say)
        except Refused as refused:
            wrong[word] = str(refused)
    if wrong:
        lines = "\n".join(dict.fromkeys(wrong.values()))
        return Response(notice=Notice(text=lines, outcome=Outcome.REFUSED, wrong=wrong))
    await context.store.settings.change(command.channel, changes, by=command.person, scope=scope)
    after = await context.store.settings.read(command.channel, command.person)
    if scope is Scope.ME:
        what = _differences(typed, before, after, context, say)
        text = say("changed_own" if Scope.CHANNEL in scopes else "changed_own_only", what=what)
        return plain(text, Outcome.DONE)
    public = not command.channel.private
    if public:
        say = speaker(chosen(after.shared, LANGUAGE) or command.author.locale)
    what = _differences(typed, before.shared, after.shared, context, say)
    where = say(place(scope, private=command.channel.private))
    text = say("changed", who=command.author.name, what=what, place=where)
    return Response(notice=Notice(text=text, outcome=Outcome.DONE, public=public))


def _scope(command: Invoked, scopes: Sequence[Scope], say: Say) -> Scope:
    """For whom it is to hold. Raises `Refused`."""
    scope = command.scope or scopes[0]
    if scope is Scope.ME and command.channel.private:
        return Scope.CHANNEL  # it is their own there anyway
    if scope is Scope.WORKSPACE and not command.channel.home:
        raise Refused(say("no_workspace"))
    if scope not in scopes:
        raise Refused(say("may_not_set_workspace" if scope is Scope.WORKSPACE else "may_not_set_channel"))
    return scope


def _shared(words: Iterable[str], say: Say, *, managing: bool) -> dict[str, str]:
    """Those that nobody has of their own, and why they can't be set for one person."""
    shared = {PROMPT_VERB.word, *(each.word for each in SETTINGS if not each.personal)}
    why = "not_personal" if managing else "may_not_set"
    return {word: say(why, word=word) for word in words if word in shared}


def _with_prompt(
    typed: Mapping[str, str], layers: Layers, say: Say
) -> tuple[Mapping[str, str], dict[str, str]]:
    """What was typed, with a saved prompt's text in place of its name; and why that can't be."""
    name = typed.get(PROMPT_VERB.word)
    if name is None:
        return typed, {}
    rest = {word: text for word, text in typed.items() if word != PROMPT_VERB.word}
    saved = saved_prompts(layers.channel)
    if name not in saved:
        return rest, {PROMPT_VERB.word: say("prompt_unknown", names=name_list(saved) or say("none"))}
    return {"system": saved[name], **rest}, {}


def _parsed(word: str, text: str, context: Context, say: Say) -> dict[str, SettingValue]:
    """What is to be changed, by field. Raises `Refused`."""
    row = BY_WORD.get(word)
    if row is None:
        raise Refused(say("unknown_command", word=word[:32]))
    back = text.strip().lower() == DEFAULT
    match row.kind:
        case Kind.PRESET:
            if not back and text not in PRESETS:
                raise Refused(say("presets", names=name_list(PRESETS)))
            values = next(iter(PRESETS.values()))
            return {PRESET: None if back else text, **dict.fromkeys(values)}
        case Kind.LANGUAGE:
            if not back and text not in languages():
                raise Refused(say("languages", names=name_list(languages())))
            return {LANGUAGE: None if back else text}
        case Kind.MODEL if not back and find_model(context.models, text) is None:
            raise Refused(no_such_model(text, context.models, say))
    try:
        return {row.field: parse_setting(word, text, context.tokens)}
    except BadValue as bad:
        raise Refused(out_of_range(bad, say)) from None


def _differences(words: Iterable[str], before: Layers, after: Layers, context: Context, say: Say) -> str:
    return "; ".join(_changed(word, before, after, context, say) for word in words)


def _changed(word: str, before: Layers, after: Layers, context: Context, say: Say) -> str:
    if word not in WORDS:
        value = chosen(after, word)
        return say("changed_to", word=word, after=value or say("origin_default"))
    old, new = (resolved(context.defaults, layers)[WORDS[word]].value for layers in (before, after))
    return say(
        "changed_from",
        word=word,
        before=in_words(old, context.models, say),
        after=in_words(new, context.models, say),
    )


def _tell(word: str, layers: Layers, context: Context, say: Say) -> str:
    effective = resolved(context.defaults, layers)[WORDS[word]]
    value = in_words(effective.value, context.models, say)
    return say("setting_is", word=word, value=value, origin=origin(effective, say))
