"""The address that the page is served at."""

import socket

from bot.errors import MixtralBotError


class AddressTaken(MixtralBotError):
    """The address can't be listened on. `what` is wrong, and the `remedy`: a sentence each."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy


def listening(host: str, port: int) -> socket.socket:
    """A socket that is listened on. Raises `AddressTaken`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(128)
    except OSError as error:
        made.close()
        raise AddressTaken(
            f"WEB_HOST and WEB_PORT: {host}:{port} can't be listened on ({error.strerror}).",
            "Set another port, or 0 for no page.",
        ) from error
    made.setblocking(False)
    return made
