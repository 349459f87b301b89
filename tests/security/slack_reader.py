"""How Slack reads what a bot writes: who is pinged by it, and which addresses are loaded.

Where a rule is not documented, the reading that does more harm is taken. `[doc]` is Slack's documentation,
`[md]` CommonMark, which Slack says that its Markdown is.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_PING = re.compile(r"<(?:@|!(?:here|channel|everyone|group|subteam\b))", re.IGNORECASE)
"""[doc] "Formatting message text": `<@U…>` and `<@W…>` mention a person, `<!subteam^…>` a group, `<!here>`,
`<!channel>` and `<!everyone>` many; older clients write `<!group>`. Whether what has begun like this ends is
not asked: a later piece of a stream may end it. Not asked either is whether it stands in code: Slack's own
pages say nothing of that."""

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
"""[md] 2.4: a backslash before a sign is dropped. What is left is taken to be read as Slack's markup."""

_PLAIN = re.compile(r"@(?:here|channel|everyone)\b", re.IGNORECASE)
"""[doc] `chat.postMessage`: a plain name is a mention with `parse=full` or `link_names` alone."""

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_SHOWN = ("image_url", "thumb_url", "video_url", "slack_file", "attachments", "files")
"""[doc] "Block Kit": what a client loads to show it. An image in Markdown is shown as a link."""


def readings(text: str, *, markdown: bool) -> Iterator[str]:
    """What Slack may take a text for. `&lt;` is the letter `<` in Slack's own markup ([doc] "Escaping text"),
    and in Markdown it stands for no mark either ([md] 2.5)."""
    yield text
    if markdown:
        yield _ESCAPE.sub(r"\1", text)


def mentioned(text: str, *, markdown: bool = True) -> set[str]:
    """The beginnings of what pings somebody."""
    return {found[0] for each in readings(text, markdown=markdown) for found in _PING.finditer(each)}


def texts(arguments: object, name: str = "") -> Iterator[tuple[str, bool]]:
    """Every text of a call that Slack reads as markup, and whether that is Markdown. [doc] "Text object":
    `plain_text` has no formatting; nor have the values that buttons carry."""
    if isinstance(arguments, Mapping):
        kind = arguments.get("type")
        for key, value in arguments.items():
            if kind != "plain_text" and isinstance(value, str) and key in ("text", "markdown_text"):
                yield value, key == "markdown_text" or kind == "markdown"
            elif key != "metadata":
                yield from texts(value, key)
    elif isinstance(arguments, list | tuple):
        for each in arguments:
            yield from texts(each, name)


def pings(arguments: Mapping[str, Any]) -> set[str]:
    """Whom the texts of a call ping."""
    found = set[str]()
    for text, markdown in texts(arguments):
        found |= mentioned(text, markdown=markdown)
        if arguments.get("parse") == "full" or arguments.get("link_names"):
            found |= {plain[0] for plain in _PLAIN.finditer(text)}
    return found


def loads(method: str, arguments: Mapping[str, Any]) -> set[str]:
    """What a call has Slack, or its readers, load. [doc] "Unfurling links": what is posted unfurls but with
    `unfurl_links` and `unfurl_media` set to false; an update and a stream have no such arguments."""
    found = {key for key in _keys(arguments) if key in _SHOWN}
    unfurls = arguments.get("unfurl_links") is not False or arguments.get("unfurl_media") is not False
    posted = method in ("chat.postMessage", "chat.postEphemeral", "response")
    if posted and unfurls:
        found |= {text for text, _ in texts(arguments) if _ADDRESS.search(text)}
    return found


def _keys(arguments: object) -> Iterator[str]:
    if isinstance(arguments, Mapping):
        for key, value in arguments.items():
            yield key
            yield from _keys(value)
    elif isinstance(arguments, list | tuple):
        for each in arguments:
            yield from _keys(each)
