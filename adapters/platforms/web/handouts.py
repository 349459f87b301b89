"""Files that are handed to a reader: fetched by a secret name, by that reader alone, for a while."""

import asyncio
import secrets

from adapters.platforms.web import limits
from bot.conversation.views import File


class Handouts:
    """What can be fetched, by name: whose it is, and until when (the loop's time)."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[str, File, float]] = {}

    def offer(self, file: File, session: str) -> str:
        """Where this session can fetch the file; the same place each time while it is there."""
        now = asyncio.get_running_loop().time()
        self._files = {name: each for name, each in self._files.items() if each[2] >= now}
        for name, (_, known, _) in self._files.items():
            if known is file:
                return f"/files/{name}"
        theirs = [name for name, (owner, _, _) in self._files.items() if owner == session]
        for old in theirs[: max(0, len(theirs) - limits.HANDOUTS + 1)]:
            del self._files[old]
        name = secrets.token_urlsafe(16)
        self._files[name] = session, file, now + limits.FILE_SECONDS
        return f"/files/{name}"

    def find_file(self, name: str, session: str) -> File | None:
        """The file of that name, if it is this session's."""
        owner, file, until = self._files.get(name, ("", None, 0.0))
        late = until < asyncio.get_running_loop().time()
        return None if late or owner != session else file
