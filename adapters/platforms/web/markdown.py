"""What a model wrote -> HTML that is safe to show. Pure.

No HTML of the model's own gets through: it is shown as text. Images become links, as a picture from elsewhere
tells its server who looks. Links say which host they lead to.
"""

from collections.abc import MutableMapping, Sequence
from functools import cache, lru_cache
from html import escape
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

SCHEMES = ("http", "https", "mailto")
LANGUAGE_LENGTH = 30

Env = MutableMapping[str, Any]

_FORMAT: HtmlFormatter[str] = HtmlFormatter(nowrap=True, classprefix="c-")


@lru_cache(maxsize=1000)
def markdown(text: str, copy: str) -> str:
    """The HTML of an answer. `copy`: what the button says that copies a block of code."""
    return str(_parser().render(text, {"copy": copy}))


def styles(name: str, selector: str) -> str:
    """The colours of code, by the name that Pygments gives them."""
    formatter: HtmlFormatter[str] = HtmlFormatter(style=name, classprefix="c-")
    rules = str(formatter.get_style_defs(selector)).splitlines()  # type: ignore[no-untyped-call]  # its stub
    return "\n".join(rule for rule in rules if rule.startswith(f"{selector} .c-"))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=_Safe)
    parser.enable(["table", "strikethrough"])
    parser.validateLink = _leads_somewhere  # type: ignore[method-assign]  # the library's own way
    return parser


def _leads_somewhere(url: str) -> bool:
    try:
        return urlsplit(url).scheme.lower() in SCHEMES
    except ValueError:
        return False


class _Safe(RendererHTML):
    def link_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
        url = str(tokens[index].attrGet("href") or "")
        return _opening(url)

    def link_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
        start = index
        while tokens[start].type != "link_open":
            start -= 1
        said = "".join(token.content for token in tokens[start:index])
        return f"</a>{_where(str(tokens[start].attrGet('href') or ''), said)}"

    def image(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
        url, alt = str(tokens[index].attrGet("src") or ""), tokens[index].content
        return f"{_opening(url)}{escape(alt or url)}</a>{_where(url, alt)}"

    def fence(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
        return _code(tokens[index].content, tokens[index].info.strip().partition(" ")[0], str(env["copy"]))

    def code_block(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
        return _code(tokens[index].content, "", str(env["copy"]))

    def table_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
        return '<div class="table" tabindex="0"><table>'

    def table_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
        return "</table></div>"


def _opening(url: str) -> str:
    return (
        f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer nofollow" title="{escape(url)}">'
    )


def _where(url: str, said: str) -> str:
    parts = urlsplit(url)
    # Without what stands before an @: there, a link can look as if it led somewhere else.
    host = parts.hostname or parts.path
    return "" if said.strip() == url else f' <span class="where">({escape(host)})</span>'


def _code(code: str, language: str, copy: str) -> str:
    language = language[:LANGUAGE_LENGTH]
    try:
        # The lexer must not take blank lines away: what is copied is what was written.
        shown = highlight(code, get_lexer_by_name(language, stripnl=False), _FORMAT)
    except ClassNotFound:
        shown = escape(code)
    return (
        f'<div class="code"><div class="bar"><span>{escape(language)}</span>'
        f'<button type="button" data-copies="code">{escape(copy)}</button></div>'
        f'<pre tabindex="0"><code>{shown}</code></pre></div>'
    )
