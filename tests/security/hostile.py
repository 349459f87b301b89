"""What a model may write, or be led to write, to ping people, to be loaded from elsewhere, or to pass for
something else: a corpus of pieces, and outputs that are put together from them by chance."""

import random
from collections.abc import Iterator

SLACK = (
    *("<!here>", "<!channel>", "<!everyone>", "<!HERE|here>", "<!group>", "<!subteam^S1>"),
    *("<!subteam^S1|@keepers>", "<!date^1392734382^{date}|x>", "&amp;lt;!here&amp;gt;"),
    *("<@U02ADA00002>", "<@W1|ada>", "<@U1", "<!", "<@", "<", "!here>", "@U02ADA00002>", "channel>", "|x>"),
    *("\\<!here>", "<\\!here>", "<\\\\!here>", "<\\@U02ADA00002>", "\\<\\!channel\\>", "<\\", "\\"),
    *("&lt;!here&gt;", "&lt;@U02ADA00002&gt;", "&#60;!here>"),
    *("<!\u2060here>", "<\u200b!here>", "<! here>", "<\n!here>", "@here", "@channel", "<#C1|general>"),
)  # fmt: skip
DISCORD = (
    *("@everyone", "@here", "<@2001000000000000002>", "<@!2001000000000000002>", "<@&1143000000000000012>"),
    *("\\@everyone", "<\\@2001000000000000002>", "<@2001000000000000002", "@every", "one", "<@&", "<@!"),
    *("@\u200beveryone", "<#1143000000000000021>", "<:lamp:1320000000000000002>", "</ask:1>", "<id:guide>"),
)
LINKS = (
    *("https://evil.example/p.png?who=1", "<https://evil.example/p.gif>", "http://evil.example"),
    *("[a](https://evil.example/p.png)", "[https://bank.example](https://evil.example)"),
    *("[a](<https://evil.example>)", "![a](https://evil.example/p.png)", "[a][1]\n\n[1]: https://evil.example"),
    *("[![a](https://evil.example/p.png)](https://evil.example)", "[<!here>](https://evil.example)"),
    *("<https://evil.example|https://bank.example>", "<https://evil.example|<!here>>"),
    *("[a](javascript:alert(1))", "<img src=https://evil.example/p.png>", "<a href='https://evil.example'>"),
    *("https://discord.gg/evil", "steam://run/1", "slack://channel?team=T1", "mailto:a@b.example", "[a]("),
)  # fmt: skip
CODE = (
    *("`", "``", "```", "````", "~~~", "```\n", "\n```\n", "\n```ansi\n", "\x1b[2;31m", "\x1b[0m", "\\`"),
    *("`<!here>`", "`@everyone`", "```\n<!channel> @everyone\n```", "\n> ```\n> <!here>\n", "    <!here>\n"),
)  # fmt: skip
MARKS = (
    *("**", "*", "_", "__", "~~", "||", "> ", "\n>>> ", "\n# ", "\n-# ", "\n- ", "\n1. ", "\n---\n"),
    *("|a|b|\n|-|-|\n", "\n", "\n\n", " ", "\t", "\r\n", "\u2028", "\u202e", "\u200b", "\u2060"),
    *("\ufeff", "\x00", "\u0301", "👩‍👩‍👧", "word ", "A sentence. "),
    *("的。", "x" * 60, "</s>", "[INST]", "&", ">", "<", "!", "@", "^", "|", "\u017f"),
)  # fmt: skip
KINDS = (SLACK, DISCORD, LINKS, CODE, MARKS)

LONG = 0.04
"""The part of the outputs that do not fit on a page."""


def output(seed: int, number: int) -> str:
    """One of them: the same for the same numbers."""
    chance = random.Random(f"{seed}:{number}")
    parts = [_part(chance) for _ in range(chance.choice((1, 2, 4, 8, 16, 32)))]
    text = "".join(parts)
    if chance.random() < LONG:
        text *= 1 + chance.randint(2_000, 9_000) // len(text)
    if chance.random() < 0.3:
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice("<>!@\\`&[]() \n\u2060") + text[at:]
    return text


def _part(chance: random.Random) -> str:
    part = chance.choice(chance.choice(KINDS))
    return part[: chance.randint(1, len(part))] if chance.random() < 0.1 else part


def pieces(text: str, seed: int, number: int) -> Iterator[str]:
    """The same, cut as a stream may bring it."""
    chance, at = random.Random(f"{seed}:{number}:cut"), 0
    longest = max(1, len(text) // 3) if len(text) > 200 else 6
    while at < len(text):
        size = chance.randint(1, longest)
        yield text[at : at + size]
        at += size
