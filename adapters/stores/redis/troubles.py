"""What an error of a Redis means to an operator, and what to do about it. Pure.

Nothing of an address or of what the server said is in the words: both may hold a password. What a command is
called, and which network error it was, are told.
"""

import re
import socket
import ssl
from collections.abc import Iterator, Sequence

from redis.asyncio.sentinel import MasterNotFoundError
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    ClusterDownError,
    MasterDownError,
    MovedError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    SlotNotCoveredError,
)

NEWER = "Install Redis 6.2 or newer, or Valkey."

RIGHT_ONE = (
    "Set the right one: redis://:PASSWORD@HOST:6379/0, or redis://USER:PASSWORD@HOST:6379/0 for a user of an "
    "ACL, with #, /, ?, @ and % in it as %23, %2F, %3F, %40 and %25."
)
PRIMARY = "This is a replica: set REDIS_URL to its primary, or to the Sentinels that watch it."
BY_ITS_HOSTS = "Set REDIS_URL to the Cluster: redis+cluster://:PASSWORD@HOST:6379,HOST2:6379."

OF_SENTINELS = "Add ?sentinel_password=PASSWORD to REDIS_URL, and &sentinel_username=USER for an ACL's user."

Words = tuple[str, str]
"""What is wrong, and the remedy: a sentence or two each."""

FULL = ("its memory is full.", "Raise its maxmemory, or lower BOT_HISTORY_DAYS.")
NO_DISK = (
    "it takes no value, as it can't write to its disk.",
    "Make room there; its log says what went wrong.",
)
FEW_REPLICAS = (
    "it takes no value without its replicas.",
    "Start them, or lower its min-replicas-to-write.",
)
READ_ONLY = ("it takes no value (ReadOnlyError).", PRIMARY)
PART_IS_DOWN = (
    "a part of the Redis Cluster is down.",
    "Start its nodes, or wait until their replicas take over: redis-cli cluster info says how it stands.",
)

KINDS: Sequence[tuple[type[Exception], Words]] = (
    (ReadOnlyError, READ_ONLY),
    (MasterDownError, ("it has lost its primary.", PRIMARY)),
    (
        MovedError,
        ("this is a node of a Redis Cluster, which has a part of the keys alone.", BY_ITS_HOSTS),
    ),
    (ClusterDownError, PART_IS_DOWN),
    (SlotNotCoveredError, PART_IS_DOWN),
    (OutOfMemoryError, FULL),
    (
        BusyLoadingError,
        ("it is still reading its file.", "Wait until it has, then start the bot again if it ended."),
    ),
    (
        socket.gaierror,
        (
            "there is no host of that name.",
            "Correct the host in REDIS_URL; in Docker and Kubernetes it is the service's name.",
        ),
    ),
)

SAID: Sequence[tuple[str, Words]] = (
    # `HELLO`, with which redis-py begins, came with Redis 6.
    (r"unknown command.*hello", ("this Redis is older than version 6.", NEWER)),
    (
        r"noauth|authentication required|already authenticated",
        ("Redis wants a password, and REDIS_URL has none.", RIGHT_ONE),
    ),
    (
        r"db index is out of range|invalid db index|select is not allowed",
        (
            "it does not have that database.",
            "Set one that there is, as /0 at the end of REDIS_URL; a cluster has that one alone.",
        ),
    ),
    # Redis 6.2 says within a longer error what a script's command was refused for.
    (r"oom command not allowed", FULL),
    (r"readonly you can't write", READ_ONLY),
    (r"misconf", NO_DISK),
    (r"noreplicas", FEW_REPLICAS),
    (
        r"previous master is now a slave",
        ("it was the primary, and is a replica now.", "The new one is looked for."),
    ),
    (
        r"cluster mode is not enabled",
        ("this is no Redis Cluster.", "Write redis:// in place of redis+cluster://."),
    ),
    (
        r"slots are not covered|could not agree",
        PART_IS_DOWN,
    ),
    (
        r"ttl exhausted|tryagain",
        ("a part of its keys is just being moved to another node.", "Wait until it has been."),
    ),
    (
        r"no certificate or crl",
        ("the file behind ssl_ca_certs= holds no certificate.", "Name a file of certificates in PEM."),
    ),
    (
        r"http/1|bad request",
        ("a web server answers there.", "Set REDIS_URL to Redis's own port, 6379 as a rule."),
    ),
)
"""By what is in the error's text, in small letters."""

NO_TLS = (
    "it does not speak TLS.",
    "Write redis:// in place of rediss://, or set the port on which Redis speaks TLS.",
)
NO_FILE = (
    "a file that REDIS_URL names can't be opened.",
    "Correct the path of the socket, or of what is behind ssl_ca_certs=, and let the bot's user read it.",
)
TLS = ("it speaks TLS.", "Write rediss:// in place of redis://.")
OTHER_NAME = ("its certificate is for another name.", "Set REDIS_URL to a name that is in it.")
CERTIFICATES = {10: ("its certificate has run out.", "Renew it."), 62: OTHER_NAME, 64: OTHER_NAME}
"""By OpenSSL's code for what is wrong with one."""
UNTRUSTED = (
    "its certificate is not trusted here.",
    "Name the file of its authority: add ?ssl_ca_certs=/path/to/ca.pem to REDIS_URL.",
)


def trouble(error: BaseException, *others: BaseException, tls: bool | None = None) -> Words:
    """What a failed command means, and `others` beside it. `tls`: whether the address asks for it; `None`
    where that can't be wrong: it is a socket's, or the server was reached before."""
    causes = list(_causes(error))
    refused = [str(each) for each in (*causes, *others) if isinstance(each, NoPermissionError)]
    if refused:
        return _forbidden(refused)
    for cause in causes:
        if isinstance(cause, MasterNotFoundError):
            return _no_primary(str(cause).lower())
        if isinstance(cause, ssl.SSLCertVerificationError):
            return CERTIFICATES.get(cause.verify_code, UNTRUSTED)
        for known, words in KINDS:
            if isinstance(cause, known):
                return words
    text = " ".join(str(cause) for cause in causes).lower()
    for pattern, words in SAID:
        if re.search(pattern, text):
            return words
    # redis-py makes a lost connection of a refused password, as it happens while it connects.
    if any(isinstance(cause, AuthenticationError) for cause in causes):
        return "Redis does not accept the password.", RIGHT_ONE
    return _not_reached(causes, text, tls=tls)


PASSING = (
    BusyLoadingError,
    ClusterDownError,
    SlotNotCoveredError,
    MasterDownError,
    MasterNotFoundError,
    ConnectionRefusedError,
    TimeoutError,
    socket.gaierror,
)
"""A server that is not up yet, or a part of it, or its host."""

TAKES_NOTHING = FULL, NO_DISK, FEW_REPLICAS
"""Of a server that answers, and takes nothing new until somebody has seen to it."""


def may_pass(error: BaseException, *, is_socket: bool = False) -> bool:
    """Whether a server that can't be used may be usable a little later, with nothing else done about it.
    `is_socket`: its address is that of a Unix socket, which is there when it is."""
    passing = (*PASSING, FileNotFoundError) if is_socket else PASSING
    causes = list(_causes(error))
    mistaken = any(isinstance(cause, AuthenticationError | ssl.SSLError) for cause in causes)
    wrong_password = any("authenticationerror" in str(cause).lower() for cause in causes)
    passes = trouble(error) in TAKES_NOTHING or any(isinstance(cause, passing) for cause in causes)
    return passes and not (mistaken or wrong_password)


def _no_primary(text: str) -> Words:
    """Why no Sentinel has named one; redis-py tells the kinds of their errors alone."""
    if "authenticationerror" in text:
        return "its Sentinels want a password, or another one.", OF_SENTINELS
    if " : " in text:
        return "no Sentinel that answers knows a primary.", "Are they running, and are hosts and ports right?"
    return (
        "its Sentinels know no primary of that name that is up.",
        "Correct the name at the end of REDIS_URL, or start it: redis-cli -p 26379 sentinel masters tells.",
    )


def _not_reached(causes: Sequence[BaseException], text: str, *, tls: bool | None) -> Words:
    """Why nothing that is a Redis has answered."""
    kinds = [type(each).__name__ for each in causes if not isinstance(each, RedisClusterException)]
    kind = kinds[0] if kinds else type(causes[0]).__name__
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return NO_TLS
    if tls is False and _cut_off(causes, text):
        return TLS
    if any(isinstance(cause, TimeoutError) for cause in causes):
        reach = "Are host and port right, and does a firewall let the bot through?"
        if tls:
            # A Redis without TLS waits for the rest of what it takes for a command.
            return f"no TLS is spoken there in time ({kind}).", f"{NO_TLS[1]} {reach}"
        return f"no Redis answers there ({kind}).", reach
    if any(isinstance(cause, FileNotFoundError | PermissionError) for cause in causes):
        return NO_FILE
    return f"no Redis answers there ({kind}).", "Is it running, and are host and port right?"


def _forbidden(texts: Sequence[str]) -> Words:
    """What a user of an ACL lacks."""
    commands = sorted({name.lower() for text in texts for name in re.findall(r"'([\w|]+)' command", text)})
    wanted = [f"+{name}" for name in commands]
    if any("key" in text for text in texts):
        wanted.append("~mixtral:*")
    if any("channel" in text for text in texts):
        wanted.append("&mixtral:changes")
    return (
        "its user may not do all that the bot does.",
        f"Allow it {' '.join(wanted)}; docs/operations.md has the least that it must be allowed.",
    )


def _cut_off(causes: Sequence[BaseException], text: str) -> bool:
    """Whether the other side hung up on the first word, or answered with a TLS alert."""
    alert = "\\x15\\x03" in text or "\x15\x03" in text
    return (
        alert
        or "connection closed by server" in text
        or any(isinstance(cause, ConnectionResetError | BrokenPipeError) for cause in causes)
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it came of."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__
