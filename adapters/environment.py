"""What stands in a source of variables, without what got there by itself. Pure.

`docker --env-file` takes quotes and the CR of a file from Windows for a part of the value; editors put a byte
order mark before a file's first word; Kubernetes describes each service of a namespace in variables that look
like ours where the service is named "http", "bot" or "model".
"""

import re
from collections.abc import Mapping

MARK = "\ufeff"
"""The byte order mark: no blank to `str.strip`."""

QUOTED = re.compile(r"""(["'])((?:(?!\1)[^\\]|\\.)*)\1""", re.DOTALL)
"""A text between quotes, with none of the same inside but after a backslash: `"a" or "b"` is not."""

KUBERNETES = re.compile(
    r"\w+_SERVICE_HOST|\w+_SERVICE_PORT(_\w+)?|\w+_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?"
)
SERVICE = re.compile(r"(tcp|udp|sctp)://\S+:\d+")
"""What it says in `NAME_PORT`, which may be one of ours: our ports are numbers."""


def clean(text: str) -> str:
    """A value without blanks, a byte order mark and a pair of quotes around it."""
    bare = text.strip().strip(MARK).strip()
    quoted = QUOTED.fullmatch(bare)
    if quoted is None:
        return bare
    quote, inside = quoted.groups()[:2]
    return inside.replace(f"\\{quote}", quote).strip()


def own(environ: Mapping[str, str]) -> dict[str, str]:
    """What is set in an environment by somebody, each value clean. An empty one is none."""
    values = {name.strip().strip(MARK): clean(value) for name, value in environ.items()}
    return {name: value for name, value in values.items() if value and not _of_kubernetes(name, value)}


def _of_kubernetes(name: str, value: str) -> bool:
    described = name.upper().endswith("_PORT") and SERVICE.fullmatch(value)
    return bool(described or KUBERNETES.fullmatch(name.upper()))
