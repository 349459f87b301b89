"""The page put together from its parts."""

import logging
import secrets
import socket
from collections.abc import Mapping
from functools import partial

from adapters.first_steps import FirstSteps
from adapters.incoming import Incoming, room
from adapters.platforms.web.actions import Actions
from adapters.platforms.web.first_steps import StepsOnPage
from adapters.platforms.web.front import Front
from adapters.platforms.web.gateway import Gateway
from adapters.platforms.web.guard import Guard
from adapters.platforms.web.index import Index
from adapters.platforms.web.limits import PART, PULSE
from adapters.platforms.web.listening import listening
from adapters.platforms.web.login import Login
from adapters.platforms.web.logins import Logins
from adapters.platforms.web.passwords import Passwords
from adapters.platforms.web.pictures import Listeners, Pictures
from adapters.platforms.web.platform import WebPlatform
from adapters.platforms.web.server import served
from adapters.platforms.web.site import Site
from adapters.platforms.web.visitors import Keyring, Visitor
from bot.languages import FALLBACK
from bot.ports import Bot, Records

logger = logging.getLogger(__name__)


def web(
    *,
    host: str,
    port: int,
    users: Mapping[str, str],
    records: Records,
    history_days: int,
    first_steps: FirstSteps | None = None,
    site: Site | None = None,
    incoming: Incoming | None = None,
    pulse: float = PULSE,
) -> WebPlatform:
    """The platform, its address taken already. Raises `AddressTaken`.

    `users`: password or hash by name; "" is everybody's. `first_steps`: of whoever runs the bot. `site`: how
    it is seen from outside; `incoming`: what may come in; without, as much as there is room for. `pulse`:
    seconds between two signs of life.
    """
    listeners, listener = Listeners(), listening(host, port)
    serve = partial(
        _serve,
        listener=listener,
        listeners=listeners,
        users=users,
        records=records,
        history_days=history_days,
        first_steps=first_steps,
        site=site or Site(host=host),
        incoming=incoming or Incoming(int(room() * PART)),
        pulse=pulse,
    )
    return WebPlatform(listeners, serve)


async def _serve(
    bot: Bot,
    *,
    listener: socket.socket,
    listeners: Listeners,
    users: Mapping[str, str],
    records: Records,
    history_days: int,
    first_steps: FirstSteps | None,
    site: Site,
    incoming: Incoming,
    pulse: float,
) -> None:
    """Answer browsers, until cancelled."""
    actions = Actions(receive=bot.receive)
    pictures = Pictures(bot=bot, actions=actions, listeners=listeners)
    secret = await records.settle("secret", secrets.token_hex(32))
    keyring, passwords = Keyring(secret.encode()), Passwords(users)

    async def language(visitor: Visitor) -> str:
        panel = await actions.panel(visitor, FALLBACK)
        return panel.language if panel is not None else ""

    gateway = Gateway(
        pages=Front(
            actions=actions,
            pictures=pictures,
            index=Index(
                named=passwords.locked, history_days=history_days, first_steps=first_steps is not None
            ),
            first_steps=StepsOnPage(steps=first_steps),
            pulse=pulse,
        ),
        keyring=keyring,
        language=language,
        find_file=pictures.find_file,
        login=Login(keyring=keyring, passwords=passwords, logins=Logins(records, passwords)),
    )
    host, port = listener.getsockname()[:2]
    logger.info("the page stands at http://%s:%d", host, port)
    await served(Guard(app=gateway, site=site), listener, incoming)
