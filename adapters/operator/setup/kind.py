"""Who may answer, and what that part of setup is called."""

from enum import StrEnum

MODEL = "model"


class Kind(StrEnum):
    """Where answers come from."""

    SERVER = "server"
    HUGGING_FACE = "huggingface"
    DRY_RUN = "dry-run"
