"""Says what the bot is and can do."""

from bot.commands.context import Context, Response, plain
from bot.conversation.events import Invoked
from bot.conversation.views import Outcome
from bot.languages import Say, languages
from bot.languages.settings import name_list


async def help(command: Invoked, context: Context, say: Say) -> Response:  # noqa: A001  # the verb's own name
    """What people can say, and what is kept of it for how long."""
    phrase = "help_alone" if command.channel.platform in context.alone else "help"
    kept = say("kept_days", count=context.history_days)
    return plain(say(phrase, kept=kept, languages=name_list(languages())))


async def hello(command: Invoked, context: Context, say: Say) -> Response:
    """Somebody mentioned the bot and said nothing."""
    return plain(say("hello"))


async def ask(command: Invoked, context: Context, say: Say) -> Response:
    """A question without a word in it: one with words is a `Said`."""
    return plain(say("nothing_asked"), Outcome.REFUSED)
