"""What holds in a place, in words and as a panel: for forms, menus and home pages."""

from bot.commands.context import Context
from bot.conversation.events import Author, ChannelRef, Standing
from bot.conversation.settings import LANGUAGE, PRESET, WORDS, Layers, chosen, resolved, saved_prompts
from bot.conversation.views import Notice, Panel, SettingShown
from bot.languages import Say
from bot.languages.settings import as_typed, in_words, origin


async def panel(
    channel: ChannelRef, author: Author, context: Context, say: Say, *, sessions: int = 10
) -> Notice:
    """What is set there, for this person, and the latest `sessions`. Raises `StoreUnavailable`."""
    layers = await context.store.settings.read(channel)
    drawn = Panel(
        channel=channel,
        settings=_settings(layers, context),
        preset=chosen(layers, PRESET),
        language=chosen(layers, LANGUAGE),
        prompts=tuple(saved_prompts(layers.channel)),
        models=tuple(context.models),
        sessions=tuple(await context.store.conversations.sessions(channel, most=sessions)),
        history_days=context.history_days,
        whole=bool(channel.home) and author.standing is Standing.WORKSPACE,
    )
    lines = [
        say(
            "settings_line",
            word=each.word,
            value=in_words(each.effective.value, context.models, say),
            origin=origin(each.effective, say),
        )
        for each in drawn.settings
    ]
    return Notice(text=say("settings", lines="\n".join(lines)), panel=drawn)


def _settings(layers: Layers, context: Context) -> tuple[SettingShown, ...]:
    """Every setting with the value that holds."""
    effective = resolved(context.defaults, layers)
    return tuple(
        SettingShown(
            word=word,
            value=as_typed(effective[field].value),
            effective=effective[field],
            own=layers.channel.get(field) is not None,
        )
        for word, field in WORDS.items()
    )
