"""What people get back for what they typed, pressed or filled in: in the time that Slack waits, or later."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from typing import Any

from adapters.logs import place_of
from adapters.platforms.slack.errors import Refused
from adapters.platforms.slack.inbox import Inbox
from adapters.platforms.slack.limits import ANSWER_WAIT, SHOW_WAIT
from adapters.platforms.slack.notifier import Notifier
from adapters.platforms.slack.translate import Payload
from bot.conversation.events import Invoked
from bot.conversation.views import Button, Notice, Outcome
from bot.errors import PlatformError, StoreUnavailable
from bot.languages import Say, speaker

logger = logging.getLogger(__name__)


class Responses:
    """Slack sends none of this again: what is not acknowledged in three seconds, it calls failed. So what is
    done in time is shown before the acknowledgement, and what takes longer goes on after it."""

    def __init__(self, inbox: Inbox, notifier: Notifier) -> None:
        self._inbox = inbox
        self._notifier = notifier

    async def result(self, invoked: Invoked, work: Coroutine[Any, Any, Notice | None]) -> Notice | None:
        """What `work` comes to, where it does in time; else that is shown when it has come. Whatever goes
        wrong is a notice, too."""
        task = self._inbox.in_background(_in_words(invoked, work))
        done, _ = await asyncio.wait({task}, timeout=ANSWER_WAIT)
        if done:
            return task.result()
        self._inbox.in_background(self._show_later(invoked, task))
        return None

    async def show(self, invoked: Invoked, notice: Notice | None) -> None:
        """Show it to the person; waited for a moment."""
        if notice is not None:
            await asyncio.wait(
                {self._inbox.in_background(self._notifier.tell(invoked, notice))}, timeout=SHOW_WAIT
            )

    async def redraw(self, invoked: Invoked, message: Payload, buttons: Sequence[Button]) -> None:
        """Put these buttons below the message on which one was pressed; waited for a moment."""
        changing = self._notifier.redraw(invoked, message, buttons)
        await asyncio.wait({self._inbox.in_background(changing)}, timeout=SHOW_WAIT)

    async def _show_later(self, invoked: Invoked, task: asyncio.Task[Notice | None]) -> None:
        if (notice := await task) is not None:
            await self._notifier.tell(invoked, notice)


def _reason(refused: Refused, say: Say) -> str:
    if refused.code in ("not_in_channel", "channel_not_found"):
        return say("not_in_channel")
    return say("refused_here", reason=refused.code)


async def _in_words(invoked: Invoked, work: Coroutine[Any, Any, Notice | None]) -> Notice | None:
    try:
        return await work
    except StoreUnavailable:
        phrase = "store_unavailable"
    except Refused as refused:
        logger.warning("%s %s: Slack does not let it be done there: %s", *_turn(invoked), refused)
        return Notice(text=_reason(refused, speaker(invoked.author.locale)), outcome=Outcome.FAILED)
    except PlatformError as error:
        logger.warning("%s %s: could not be done: %s", *_turn(invoked), error)
        phrase = "unexpected"
    except Exception as error:
        logger.error("%s %s: %s", *_turn(invoked), place_of(error))  # noqa: TRY400  # no words
        phrase = "unexpected"
    return Notice(text=speaker(invoked.author.locale)(phrase), outcome=Outcome.FAILED)


def _turn(invoked: Invoked) -> tuple[str, str]:
    """Where it was asked for, and the id by which the log knows it."""
    return invoked.channel.key, invoked.id
