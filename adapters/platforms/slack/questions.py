"""Questions that are no messages of their own: put into the channel first, where everybody sees them."""

from adapters.platforms.slack.api import Api
from adapters.platforms.slack.entrance import Entrance
from adapters.platforms.slack.text import inert
from adapters.platforms.slack.translate import address_of, opened, thread
from bot.conversation.content import Quote
from bot.conversation.events import Address, Invoked, Said
from bot.conversation.views import Notice


class Questions:
    """Puts them there, and takes them in."""

    def __init__(self, api: Api, entrance: Entrance) -> None:
        self._api = api
        self._entrance = entrance

    async def ask(self, told: Invoked, text: str, *, quotes: tuple[Quote, ...] = ()) -> Notice | None:
        """Ask in a thread or a channel; why it is not asked, where who asks may not.

        What may not be asked is not put into the channel either: the bot does not speak for just anybody.
        Raises `StoreUnavailable` and the errors under `PlatformError`.
        """
        seen = await self._entrance(opened(told))
        if seen is None or seen.panel is None:
            return seen
        where, author = told.channel, told.author
        workspace, (home, beside) = where.workspace, address_of(where)
        quoted = "\n".join(f"> {line}" for line in inert(text).splitlines())
        posted = await self._api(
            workspace,
            "chat.postMessage",
            channel=home,
            markdown_text=f"**{inert(author.name)}**\n{quoted}",
            unfurl_links=False,
            unfurl_media=False,
            **({"thread_ts": beside} if beside else {}),
        )
        return await self._entrance(
            Said(
                channel=thread(workspace, home, beside or posted["ts"], private=where.private),
                id=posted["ts"],
                author=author,
                text=text,
                sent_at=float(posted["ts"]),
                address=Address.COMMAND,
                quotes=quotes,
            )
        )
