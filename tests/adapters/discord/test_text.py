"""What readers see in place of Discord's marks, and that nothing inside code is touched."""

from typing import Any

import pytest

from tests.adapters.discord.recorded import ADA, BOT, CHANNEL, heard, person, recorded


def text_of(content: str, **changes: Any) -> str:
    mentions = [*recorded("mention")["mentions"], person(ADA, "Ada")]
    message = heard(recorded("mention", content=content, mentions=mentions, **changes))
    assert message is not None
    return message.text


@pytest.mark.parametrize(
    ("mark", "seen"),
    [
        ("<t:1772452800>", "02 March 2026 12:00 UTC"),
        ("<t:1772452800:t>", "12:00 UTC"),
        ("<t:1772452800:T>", "12:00:00 UTC"),
        ("<t:1772452800:d>", "02/03/2026"),
        ("<t:1772452800:D>", "02 March 2026"),
        ("<t:1772452800:f>", "02 March 2026 12:00 UTC"),
        ("<t:1772452800:F>", "Monday, 02 March 2026 12:00 UTC"),
        ("<t:1772452800:R>", "02 March 2026 12:00 UTC"),
        ("<t:-1:f>", "31 December 1969 23:59 UTC"),
        ("<t:9999999999999:F>", "<t:9999999999999:F>"),
        ("<t:1772452800:x>", "<t:1772452800:x>"),
        ("<id:customize>", "#customize"),
        ("<#1>", "<#1>"),
        ("<@1>", "<@1>"),
    ],
)
def test_marks_are_written_as_they_are_seen(mark: str, seen: str) -> None:
    assert text_of(f"<@{BOT}> meet {mark} there") == f"meet {seen} there"


@pytest.mark.parametrize(
    "code",
    [
        f"`<@{ADA}>`",
        f"``a ` <#{CHANNEL}>``",
        f"```py\nx = '<@{ADA}> <t:1772452800:F>'\n```",
        f"```\n<@{BOT}>, why?\n```",
        "`<:lamp:1320000000000000002>`",
    ],
)
def test_nothing_inside_code_is_touched(code: str) -> None:
    assert text_of(f"<@{BOT}> what is {code} and <@{ADA}>?") == f"what is {code} and @Ada?"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (f"<@{BOT}> a ` alone <@{ADA}>", "a ` alone @Ada"),
        (f"<@{BOT}> ``` never ended <@{ADA}>", "``` never ended @Ada"),
        (f"<@{BOT}> `a` <@{ADA}> `b`", "`a` @Ada `b`"),
    ],
)
def test_backticks_without_a_second_one_are_no_code(content: str, text: str) -> None:
    assert text_of(content) == text
