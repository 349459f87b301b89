"""Where the page stands, as it is seen from outside: its names, and the proxies before it. Pure."""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

HERE = ("localhost", "localhost.localdomain", "ip6-localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """`url`: where people find the page ("": nothing is known); `host`: what is listened on; `proxies`: whose
    word is taken for where a request comes from."""

    url: str = ""
    host: str = "127.0.0.1"
    proxies: Sequence[Network] = ()

    @property
    def https(self) -> bool:
        """Whether people come over https, whatever a proxy says."""
        return self.url.startswith("https:")

    def named(self, host: str) -> bool:
        """Whether a request that names this host is for this page.

        A page elsewhere can make its own name lead here, and then a browser takes it for the same site. It
        can't do that with an address, nor with a name that is ours.
        """
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        known = {*HERE, self.host.lower(), (urlsplit(self.url).hostname or "").lower()} - {""}
        return name in known or address(name) is not None

    def seen(self, peer: str, headers: Mapping[str, str]) -> tuple[str, str]:
        """Where a request comes from, and over which scheme ("": as it came in).

        Each proxy adds at the end of `X-Forwarded-For` whom it was asked by: from there on back, the first
        that is no proxy of ours is who asks. What stands before that anybody can have written.
        """
        if not self._trusted(peer):
            return peer, ""
        said = [part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part.strip()]
        for each in reversed(said):
            found = address(each)
            if found is None:
                break
            peer = str(found)
            if not self._trusted(peer):
                break
        scheme = headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
        return peer, scheme if scheme in ("http", "https") else ""

    def _trusted(self, peer: str) -> bool:
        found = address(peer)
        return found is not None and any(found in network for network in self.proxies)


def address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that is written there, if it is one; what an IPv6 address stands for."""
    try:
        found = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
