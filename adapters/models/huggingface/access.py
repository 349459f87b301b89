"""What a model server is given, and how it is reached."""

import ssl
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import unquote, urlsplit, urlunsplit

HUGGING_FACE_URL = "https://router.huggingface.co"
"""Where huggingface_hub sends chats for Hugging Face's providers."""

HUGGING_FACE = ("huggingface.co", "huggingface.cloud", "hf.co", "hf.space")
"""Hosts that a Hugging Face token is meant for, with what is under them."""

CONNECT = 10.0
"""Seconds to connect. How long an answer may take is for `bot.model_call` to say: keep-alive comments would
defeat a read timeout here."""

NO_TOKEN = "none"  # noqa: S105  # it is none
"""In place of a token where none is to be sent: without one huggingface_hub would look for one by itself."""


def token_for(url: str, token: str) -> str:
    """`token` where the server at `url` may have it, else `NO_TOKEN`; "" as a URL is Hugging Face's own."""
    host = urlsplit(url).hostname or ""
    ours = any(host == name or host.endswith(f".{name}") for name in HUGGING_FACE)
    return (token if not url or ours else "") or NO_TOKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a model server is to be given, and it alone: a `key` of its own, or else `token` where it is
    Hugging Face's; `headers` more. `ca_file`: whose certificates it is trusted by, too."""

    url: str
    token: str = ""
    key: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    ca_file: str = ""

    @property
    def bearer(self) -> str:
        """What it is told behind "Bearer", or `NO_TOKEN`."""
        return self.key or token_for(self.url, self.token)

    @property
    def address(self) -> str:
        """The server's base, without a name and password, and without a stroke at its end."""
        parts = urlsplit(self.url or HUGGING_FACE_URL)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=host, path=parts.path.rstrip("/")))

    @property
    def lead(self) -> dict[str, str]:
        """The headers of every request."""
        parts = urlsplit(self.url)
        lead = {}
        if self.bearer != NO_TOKEN:
            lead["Authorization"] = f"Bearer {self.bearer}"
        elif parts.username is not None:
            named = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            lead["Authorization"] = f"Basic {b64encode(named.encode()).decode()}"
        return lead | dict(self.headers)


@cache
def trust(ca_file: str) -> ssl.SSLContext:
    """The machine's authorities, or those of `SSL_CERT_FILE`, and those in that file. Made once: it takes as
    long as reading a short answer."""
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    return context
