"""Files that the bot hands over, in a folder."""

import os
from pathlib import Path

from bot.conversation.views import File


def save_file(file: File, folder: Path) -> Path:
    """Where it is kept now, for its owner alone: under its name, or a numbered one where that is taken.

    Raises `OSError`.
    """
    name, number = Path(file.name), 1
    while True:
        path = folder / (name if number == 1 else f"{name.stem}-{number}{name.suffix}")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            number += 1
            continue
        with os.fdopen(descriptor, "wb") as written:
            written.write(file.content)
        return path
