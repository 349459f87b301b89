"""What browsers may load and run: the content security policies. Pure."""

import base64
import hashlib

POLICY = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
"""Of all that is not the page itself."""

PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
"""Of the page: it runs the scripts that lie on this server and no others, makes none of text, and loads
nothing from anywhere else, whatever stands there."""


def form_policy(style: str) -> str:
    """Of a page with this style in it, and nothing else."""
    return f"{POLICY}; style-src {_hashed(style)}"


def _hashed(text: str) -> str:
    """How a policy names a text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
