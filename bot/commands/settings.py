"""Carries out what people set: values, presets, system prompts, the model, the language; and shows them."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.commands.words import Handler, Response, said
from bot.conversation.events import ChannelRef, Invoked, Standing
from bot.conversation.generation import OfferedModel, named
from bot.conversation.settings import (
    DEFAULT,
    LANGUAGE,
    PRESET,
    PRESETS,
    PROMPT,
    WORDS,
    BadValue,
    GenerationSettings,
    Layers,
    SettingValue,
    chosen,
    parse_setting,
    resolved,
    saved_prompts,
)
from bot.conversation.views import Notice, Overview
from bot.languages import Say, languages, speaker
from bot.languages.refusals import listed, no_such_model, out_of_range
from bot.languages.settings import card, origin, shown
from bot.ports import ChannelMemory

WORKSPACE = "--workspace"
"""Behind a value: it is set for the whole workspace."""

PROMPT_NAME = re.compile(r"[\w-]{1,32}")
MOST_PROMPTS = 20
"""System prompts that a channel keeps: as many as fit a menu on every platform (Discord's takes 25)."""

SAVE, DELETE = "save", "delete"

Look = Callable[[ChannelRef], Awaitable[Overview]]
"""Gives a channel's overview. Raises `StoreUnavailable`."""


class Refused(ValueError):
    """What was typed can't be set; the message says why, in the person's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """`everyone`: anybody in a channel may change its settings, not only those who manage it. `tokens`:
    counts those of a text."""

    memory: ChannelMemory
    defaults: GenerationSettings
    models: Sequence[OfferedModel]
    tokens: Callable[[str], int]
    everyone: bool
    history_days: int

    def handlers(self) -> Mapping[str, Handler]:
        """What is carried out here, by word."""
        return {
            **dict.fromkeys(WORDS, self._setting),
            "model": self._model,
            PRESET: self._preset,
            "prompt": self._prompt,
            LANGUAGE: self._language,
            "settings": self._settings,
            "reset": self._reset,
        }

    async def look(self, channel: ChannelRef) -> Overview:
        """What holds in a channel. Raises `StoreUnavailable`."""
        layers = await self.memory.settings(channel)
        return Overview(
            channel=channel,
            settings=shown(self.defaults, layers),
            preset=chosen(layers, PRESET),
            language=chosen(layers, LANGUAGE),
            prompts=tuple(saved_prompts(layers.channel)),
            models=tuple(self.models),
            sessions=tuple(await self.memory.sessions(channel)),
            history_days=self.history_days,
        )

    async def panel(self, channel: ChannelRef, say: Say) -> Notice:
        """What is set in a channel, in words and as a panel. Raises `StoreUnavailable`."""
        overview = await self.look(channel)
        lines = [
            say(
                "settings_line",
                word=each.word,
                value=self._written(each.setting.value, say),
                origin=origin(each.setting, say),
            )
            for each in overview.settings
        ]
        return Notice(text=say("settings", lines="\n".join(lines)), panel=overview)

    def wrong(self, typed: Mapping[str, str], say: Say) -> Mapping[str, str]:
        """Why some of these can't be set, by word: for forms, which say so at the field."""
        found = {}
        for word, text in typed.items():
            try:
                self._parsed(word, text, say)
            except Refused as refused:
                found[word] = str(refused)
        return found

    async def _setting(self, command: Invoked, say: Say) -> Response:
        word = command.name
        if not command.argument:
            layers = await self.memory.settings(command.channel)
            setting = resolved(self.defaults, layers)[WORDS[word]]
            return said(
                say(
                    "setting_is",
                    word=word,
                    value=self._written(setting.value, say),
                    origin=origin(setting, say),
                )
            )
        return await self._change(command, {word: command.argument}, say)

    async def _model(self, command: Invoked, say: Say) -> Response:
        if command.argument:
            return await self._setting(command, say)
        layers = await self.memory.settings(command.channel)
        holds = resolved(self.defaults, layers)["model"]
        lines = [f"- `{model.name}`: {card(model, say)}" for model in self.models]
        is_now = say("setting_is", word="model", value=holds.value, origin=origin(holds, say))
        return said("\n".join([is_now, *lines]))

    async def _preset(self, command: Invoked, say: Say) -> Response:
        if not command.argument:
            return said(say("presets", names=listed(PRESETS)))
        return await self._change(command, {PRESET: command.argument}, say)

    async def _language(self, command: Invoked, say: Say) -> Response:
        if not command.argument:
            return said(say("languages", names=listed(languages())))
        return await self._change(command, {LANGUAGE: command.argument}, say)

    async def _settings(self, command: Invoked, say: Say) -> Response:
        """Show them; or change what a form gives: words and what was typed, as JSON."""
        try:
            typed = json.loads(command.argument or "null")
        except ValueError:
            typed = None
        if isinstance(typed, dict):
            changes = {str(word): str(text) for word, text in typed.items()}
            try:
                return await self._change(command, await self._picked(command, changes, say), say)
            except Refused as refused:
                return said(str(refused))
        return Response(notice=await self.panel(command.channel, say))

    async def _reset(self, command: Invoked, say: Say) -> Response:
        turns = await self.memory.reset(command.channel)
        return said(say("reset_done", count=turns) if turns else say("reset_empty"))

    async def _prompt(self, command: Invoked, say: Say) -> Response:
        layers = await self.memory.settings(command.channel)
        saved = saved_prompts(layers.channel)
        verb, _, rest = command.argument.partition(" ")
        name, _, text = rest.strip().partition(" ")
        match verb:
            case "":
                return said(say("prompts", names=listed(saved)) if saved else say("no_prompts"))
            case "save" if PROMPT_NAME.fullmatch(name) and name not in (SAVE, DELETE):
                text = text.strip() or str(resolved(self.defaults, layers)["system_prompt"].value)
                if not text:
                    return said(say("prompt_empty", name=name))
                if len(saved) >= MOST_PROMPTS and name not in saved:
                    return said(say("too_many_prompts", count=MOST_PROMPTS))
                return await self._kept(command, name, text, say, "prompt_saved")
            case "delete" if name in saved:
                return await self._kept(command, name, None, say, "prompt_deleted")
            case _ if command.argument in saved:
                return await self._change(command, {"system": saved[command.argument]}, say)
            case _:
                return said(say("prompt_unknown", names=listed(saved) or say("none")))

    async def _picked(self, command: Invoked, typed: Mapping[str, str], say: Say) -> dict[str, str]:
        """What was typed, with a saved prompt's text in place of its name. Raises `Refused`."""
        name, space, whole = typed.get("prompt", "").partition(f" {WORKSPACE}")
        if not name:
            return dict(typed)
        saved = saved_prompts((await self.memory.settings(command.channel)).channel)
        if name not in saved:
            raise Refused(say("prompt_unknown", names=listed(saved) or say("none")))
        rest = {word: text for word, text in typed.items() if word != "prompt"}
        return {"system": f"{saved[name]}{space}{whole}", **rest}

    async def _kept(self, command: Invoked, name: str, text: str | None, say: Say, done: str) -> Response:
        if not self._may(command, whole=False):
            return said(say("may_not_set"))
        if text is not None:
            try:
                self._parsed("system", text, say)
            except Refused as refused:
                return said(str(refused))
        await self.memory.change(command.channel, {f"{PROMPT}{name}": text}, by=command.person)
        return said(say(done, name=name))

    async def _change(self, command: Invoked, typed: Mapping[str, str], say: Say) -> Response:
        """Set what was typed, all or nothing, and say in a line who set what."""
        whole = any(text.rstrip().endswith(WORKSPACE) for text in typed.values())
        typed = {word: text.rstrip().removesuffix(WORKSPACE).rstrip() for word, text in typed.items()}
        if whole and not command.channel.home:
            return said(say("no_workspace"))
        if not self._may(command, whole=whole):
            return said(say("may_not_set_workspace" if whole else "may_not_set"))
        changes: dict[str, SettingValue] = {}
        try:
            for word, text in typed.items():
                changes |= self._parsed(word, text, say)
        except Refused as refused:
            return said(str(refused))
        before = await self.memory.settings(command.channel)
        await self.memory.change(command.channel, changes, by=command.person, workspace=whole)
        after = await self.memory.settings(command.channel)
        public = not command.channel.private
        if public:
            say = speaker(chosen(after, LANGUAGE) or command.author.locale)
        place = "place_workspace" if whole else "place_channel" if public else "place_private"
        changed = [self._changed(word, before, after, say) for word in typed]
        text = say("changed", who=command.author.name, what="; ".join(changed), place=say(place))
        return Response(notice=Notice(text=text, public=public))

    def _may(self, command: Invoked, *, whole: bool) -> bool:
        standing = command.author.standing
        if whole:
            return standing >= Standing.WORKSPACE
        return self.everyone or command.channel.private or standing >= Standing.CHANNEL

    def _parsed(self, word: str, text: str, say: Say) -> dict[str, SettingValue]:
        """What is to be changed. Raises `Refused`."""
        back = text.strip().lower() == DEFAULT
        match word:
            case "preset":
                if not back and text not in PRESETS:
                    raise Refused(say("presets", names=listed(PRESETS)))
                values = next(iter(PRESETS.values()))
                return {PRESET: None if back else text, **dict.fromkeys(values)}
            case "language":
                if not back and text not in languages():
                    raise Refused(say("languages", names=listed(languages())))
                return {LANGUAGE: None if back else text}
            case "model":
                if not back and named(self.models, text) is None:
                    raise Refused(no_such_model(text, self.models, say))
            case _ if word not in WORDS:
                raise Refused(say("unknown_command", word=word[:32]))
        try:
            return {WORDS[word]: parse_setting(word, text, self.tokens)}
        except BadValue as bad:
            raise Refused(out_of_range(bad, say)) from None

    def _changed(self, word: str, before: Layers, after: Layers, say: Say) -> str:
        if word in (PRESET, LANGUAGE):
            value = chosen(after, word)
            return say("changed_to", word=word, after=value or say("origin_default"))
        old, new = (resolved(self.defaults, layers)[WORDS[word]].value for layers in (before, after))
        return say("changed_from", word=word, before=self._written(old, say), after=self._written(new, say))

    def _written(self, value: SettingValue, say: Say) -> str:
        match value:
            case None:
                return say("random")
            case "":
                return say("none")
            case str() if named(self.models, value) is not None:
                return value
            case str():
                return f"“{value}”"
            case _:
                return say.language.number(value)
