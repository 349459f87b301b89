"""The end of sd_notify(3) at which systemd listens, for a unit with Type=notify."""

import asyncio
import socket

MOST = 100


class Systemd:
    """The other end, and what it put into the environment of the unit."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)
        self._socket.setblocking(False)
        self.environ = {"NOTIFY_SOCKET": address.replace("\0", "@")}

    async def hears(self) -> bytes:
        """The next message."""
        async with asyncio.timeout(30):
            return await asyncio.get_running_loop().sock_recv(self._socket, MOST)

    def has_heard_all(self) -> bool:
        """Whether no message waits."""
        try:
            self._socket.recv(MOST)
        except BlockingIOError:
            return True
        return False

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()
