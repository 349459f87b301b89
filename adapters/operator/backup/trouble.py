"""What ends a backup or a restore."""

from bot.errors import MixtralBotError


class BackupError(MixtralBotError):
    """It can't be done; the words say what to do. None of what people wrote is in them."""


class Damaged(BackupError):
    """The file is not as it was written."""

    def __init__(self, how: str) -> None:
        super().__init__(f"The file is damaged ({how}). Nothing was restored: take another backup's file.")
