"""Who may answer."""

from enum import StrEnum


class Kind(StrEnum):
    """Where answers come from."""

    SERVER = "server"
    HUGGING_FACE = "huggingface"
    DRY_RUN = "dry-run"
