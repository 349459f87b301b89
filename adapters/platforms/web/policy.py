"""What browsers may load and run: the content security policies. Pure."""

import base64
import hashlib
import re

POLICY = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
"""Of all that is not Gradio's."""

SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL)

LANGUAGE = 'document.documentElement.lang = "{language}"'
"""The one script of our own: Gradio's page puts it there when it has begun."""


def form_policy(style: str) -> str:
    """Of a page with this style in it, and nothing else."""
    return f"{POLICY}; style-src {_hashed(style)}"


def page_policy(html: str, language: str) -> str:
    """Of Gradio's page: it runs the scripts that the server wrote into it, by their text, and no others.
    Nothing is loaded from anywhere else, whatever stands there."""
    written = [script for script in SCRIPT.findall(html) if script.strip()]
    scripts = " ".join(map(_hashed, (*written, LANGUAGE.format(language=language))))
    return "; ".join(
        (
            "default-src 'none'",
            # It makes functions of its templates.
            f"script-src 'self' 'unsafe-eval' {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self' blob:",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        )
    )


def _hashed(text: str) -> str:
    """How a policy names a text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
