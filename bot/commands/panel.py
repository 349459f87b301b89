"""What holds in a place, in words and as a panel: for forms, menus and home pages."""

from bot.commands.context import Context
from bot.conversation.events import Author, ChannelRef, Standing, person
from bot.conversation.layers import Layers, Origin, Scope, chosen, resolved, saved_prompts
from bot.conversation.settings import LANGUAGE, PRESET, WORDS
from bot.conversation.views import Notice, Panel, SettingShown
from bot.languages import Say
from bot.languages.settings import as_typed, in_words, origin


async def panel(
    channel: ChannelRef, author: Author, context: Context, say: Say, *, sessions: int = 10
) -> Notice:
    """What is set there, for this person, and the latest `sessions`. Raises `StoreUnavailable`."""
    layers = await context.store.settings.read(channel, person(channel, author))
    scopes = open_scopes(channel, author, context)
    drawn = Panel(
        channel=channel,
        settings=_settings(layers, scopes[0], context),
        preset=chosen(layers, PRESET),
        language=chosen(layers, LANGUAGE),
        prompts=tuple(saved_prompts(layers.channel)),
        models=tuple(context.models),
        sessions=tuple(await context.store.conversations.sessions(channel, most=sessions)),
        history_days=context.history_days,
        scopes=scopes,
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
    lines += _language_line(layers, say)
    text = say("settings", lines="\n".join(lines))
    return Notice(text=f"{text}\n\n{say('settings_for_you')}" if drawn.personal else text, panel=drawn)


def _language_line(layers: Layers, say: Say) -> list[str]:
    """Which language is set, which has no default: everybody's own holds then."""
    shared = Origin.PRIVATE if layers.private else Origin.CHANNEL
    places = (
        (layers.personal, Origin.PERSON),
        (layers.channel, shared),
        (layers.workspace, Origin.WORKSPACE),
    )
    for layer, whose in places:
        if language := layer.get(LANGUAGE):
            value, where = str(language), say(f"origin_{whose}")
            return [say("settings_line", word=LANGUAGE, value=value, origin=where)]
    return []


def open_scopes(channel: ChannelRef, author: Author, context: Context) -> tuple[Scope, ...]:
    """For whom this person may set things there; the first is meant where nothing is said."""
    standing = author.standing
    scopes = []
    if channel.private or context.everyone or standing >= Standing.CHANNEL:
        scopes.append(Scope.CHANNEL)
    if not channel.private:
        scopes.append(Scope.ME)
    if channel.home and standing >= Standing.WORKSPACE:
        scopes.append(Scope.WORKSPACE)
    return tuple(scopes)


def _settings(layers: Layers, scope: Scope, context: Context) -> tuple[SettingShown, ...]:
    """Every setting with the value that holds."""
    effective = resolved(context.defaults, layers)
    own = layers.personal if scope is Scope.ME else layers.channel
    return tuple(
        SettingShown(
            word=word,
            value=as_typed(effective[field].value),
            effective=effective[field],
            own=own.get(field) is not None,
        )
        for word, field in WORDS.items()
    )
