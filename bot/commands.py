"""What people can tell the bot: words, the same on every platform, and what each of them does."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.generation import GenerationSettings, Range, SettingValue
from bot.languages import Say, amount, speaker
from bot.messages import Address, CommandInvoked, Event, IncomingMessage
from bot.ports import ChannelMemory
from bot.settings import SYSTEM_PROMPT_LENGTH, WORDS, BadValue, effective, parse_setting

COMMANDS = ("ask", *WORDS, "settings", "reset", "help")


def understood(event: Event) -> Event:
    """What an event really asks for: `!temperature 0.3` is a command, and so is nothing at all (a hello).

    A follow-up without a mention is never a command: it may be meant for another bot.
    """
    if not isinstance(event, IncomingMessage) or event.address is Address.FOLLOW_UP:
        return event
    text = event.text.strip()
    if event.address is Address.COMMAND:
        return event if text or event.attachments else _command(event, "ask", "")
    if text.startswith("!"):
        name, _, argument = text[1:].partition(" ")
        if name.lower() == "ask" and argument.strip():
            return replace(event, text=argument.strip())
        if name and name.replace("_", "").isalpha():
            return _command(event, name.lower(), argument.strip())
    if not text and not event.attachments and not event.quotes:
        return _command(event, "hello", "")
    return event


def _command(event: IncomingMessage, name: str, argument: str) -> CommandInvoked:
    return CommandInvoked(
        channel=event.channel,
        id=event.id,
        author=event.author,
        name=name,
        argument=argument,
        reply_token=event.reply_token,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """Carries out what people tell the bot, and says what came of it."""

    memory: ChannelMemory
    defaults: GenerationSettings
    history_days: int

    async def answer(self, command: CommandInvoked) -> str:
        """Do it; what to say. Raises `StoreUnavailable`."""
        say = speaker(command.author.locale)
        match command.name:
            case name if name in WORDS:
                return await self._setting(command, say)
            case "settings":
                return await self._settings(command, say)
            case "reset":
                turns = await self.memory.reset(command.channel)
                return say("reset_done_one") if turns == 1 else _counted(say, turns)
            case "help":
                return say("help", days=self.history_days)
            case "hello":
                return say("hello")
            case "ask":
                return say("nothing_asked")
            case unknown:
                near = difflib.get_close_matches(unknown, COMMANDS, n=1)
                word = unknown[:32]
                return (
                    say("unknown_command_near", word=word, near=near[0])
                    if near
                    else say("unknown_command", word=word)
                )

    async def _setting(self, command: CommandInvoked, say: Say) -> str:
        word, field = command.name, WORDS[command.name]
        kept = await self.memory.settings(command.channel)
        before = _shown(self._value(kept, field), say)
        if not command.argument:
            return say("setting_is", word=word, value=before)
        try:
            value = parse_setting(word, command.argument)
        except BadValue as bad:
            return refused(bad, say)
        await self.memory.change(command.channel, field, value)
        after = _shown(self._value({**kept, field: value}, field), say)
        key = "setting_changed_private" if command.channel.private else "setting_changed"
        return say(key, word=word, before=before, after=after)

    async def _settings(self, command: CommandInvoked, say: Say) -> str:
        kept = await self.memory.settings(command.channel)
        lines = [
            say(
                "settings_line" if kept.get(field) is None else "settings_line_own",
                word=word,
                value=_shown(self._value(kept, field), say),
            )
            for word, field in WORDS.items()
        ]
        return say("settings", lines="\n".join(lines))

    def _value(self, kept: Mapping[str, SettingValue], field: str) -> SettingValue:
        value: SettingValue = getattr(effective(self.defaults, kept), field)
        return value


def _counted(say: Say, turns: int) -> str:
    return say("reset_done", turns=turns) if turns else say("reset_empty")


def _shown(value: SettingValue, say: Say) -> str:
    match value:
        case None:
            return say("random")
        case "":
            return say("no_system_prompt")
        case str():
            return f"“{value}”"
        case _:
            return amount(value)


def refused(bad: BadValue, say: Say) -> str:
    """What the setting takes, in words."""
    allowed: Range | None = bad.allowed
    if allowed is None:
        return say("system_too_long", limit=SYSTEM_PROMPT_LENGTH)
    key = "out_of_range_whole" if allowed.whole else "out_of_range"
    if bad.word == "seed":
        key = "out_of_range_seed"
    return say(key, word=bad.word, low=amount(allowed.low), high=amount(allowed.high))
