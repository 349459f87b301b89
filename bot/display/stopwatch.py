"""When the words of an answer came, and when they stood on the screen: by the event loop's clock, and looked
at by whoever shows them, never for a piece of text."""

import asyncio

from bot.conversation.measures import Shrunk, TextShown
from bot.ports import Meter


class Stopwatch:
    """Of one answer on that platform, of which so much `stood` before; `meter` counts what stands there.
    `began`: when it was begun; `first_token` and `first_text`: when it had its first words, and when they
    stood on the screen; `ended`: when it had its last, and `settled`: when they stood there. `None`: not
    yet."""

    def __init__(self, platform: str, meter: Meter, *, stood: int) -> None:
        self.began = _now()
        self.first_token: float | None = None
        self.first_text: float | None = None
        self.ended: float | None = None
        self.settled: float | None = None
        self._platform = platform
        self._meter = meter
        self._unseen_since = self.began
        self._taken = self.began
        self._longest = stood

    def begin(self) -> None:
        """The first words have come."""
        self.first_token = self.first_token or _now()

    def end(self) -> None:
        """No more words come."""
        self.ended = self.ended or _now()

    def wake(self) -> None:
        """All that had come before was shown, and now there is more."""
        self._unseen_since = _now()

    def take(self) -> None:
        """What has come until now is going to be shown."""
        self._taken = _now()

    def take_back(self) -> None:
        """What stands there is not to stay."""
        self._longest = 0

    def show(self, length: int) -> None:
        """So much of the answer stands there now."""
        if length > self._longest:
            now, self._longest = _now(), length
            self.first_text = self.first_text or now
            self._meter(TextShown(platform=self._platform, lag=now - self._unseen_since))
        self._unseen_since = self._taken

    def settle(self, length: int) -> None:
        """So much of it stays."""
        self.settled = _now()
        if length < self._longest:
            self._meter(Shrunk(platform=self._platform))


def _now() -> float:
    return asyncio.get_running_loop().time()
