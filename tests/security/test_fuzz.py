"""Hostile answers ping nobody and load nothing; and whoever judges that finds what is not held back."""

import pytest

from tests.security import discord_reader, slack_reader
from tests.security.fuzz import play
from tests.security.hostile import output, pieces

SEED, PARTS, OUTPUTS = 1, 4, 500
"""Two thousand in all, in parts that are played beside each other."""

NONE = {"parse": list[str](), "replied_user": False}
UNFURLS_NOTHING = {"unfurl_links": False, "unfurl_media": False}
EVIL = "https://evil.example/p.png"


@pytest.mark.parametrize("part", range(PARTS))
def test_hostile_answers_ping_nobody_and_load_nothing(part: int) -> None:
    figures = play(SEED, part * OUTPUTS, OUTPUTS)
    assert [*figures.discord.found, *figures.slack.found] == []
    assert figures.outputs == OUTPUTS
    assert min(figures.discord.hostile, figures.slack.hostile) > OUTPUTS


def test_an_output_is_the_same_again_and_its_pieces_are_all_of_it() -> None:
    for number in range(100):
        text = output(SEED, number)
        assert text == output(SEED, number)
        assert "".join(pieces(text, SEED, number)) == text


@pytest.mark.parametrize(
    "text", ["<@1>", "<@!1>", "<@&1>", "@everyone", "a @here", "`<@1>`", "```ansi\n@here\n```", "<\\@1>"]
)
def test_a_message_on_discord_pings_whom_it_mentions_unless_it_says_that_it_does_not(text: str) -> None:
    assert discord_reader.pings({"content": text})
    assert discord_reader.pings(
        {"content": text, "allowed_mentions": {"parse": ["users", "roles", "everyone"]}}
    )
    assert not discord_reader.pings({"content": text, "allowed_mentions": NONE})


def test_on_discord_some_kinds_alone_and_some_people_alone_may_be_pinged() -> None:
    text = "<@1> <@2> @everyone"
    assert discord_reader.pings({"content": text, "allowed_mentions": {"users": ["2"]}}) == {"2"}
    assert discord_reader.pings({"content": text, "allowed_mentions": {"parse": ["everyone"]}}) >= {
        "everyone"
    }
    reply = {"content": "", "message_reference": {}, "allowed_mentions": {"parse": [], "replied_user": True}}
    assert discord_reader.pings(reply | {"message_reference": {"message_id": "1"}})


@pytest.mark.parametrize(
    ("text", "loaded"),
    [
        (EVIL, True),
        (f"[a]({EVIL})", True),
        (f"![a]({EVIL})", True),
        (f"a `b` {EVIL}", True),
        (f"<{EVIL}>", False),
        (f"`{EVIL}`", False),
        (f"```ansi\n\x1b[2;31m{EVIL}\n```", False),
    ],
)
def test_on_discord_an_address_is_loaded_unless_the_message_has_no_embeds(text: str, loaded: bool) -> None:
    assert bool(discord_reader.loads({"content": text}, 0)) == loaded
    assert not discord_reader.loads({"content": text}, discord_reader.SUPPRESS_EMBEDS)


@pytest.mark.parametrize(
    "text", ["<!here>", "<@U1", "`<!channel>`", "<!subteam^S1|x>", "<\\!here>", "\\<\\@U1\\>"]
)
def test_on_slack_a_mention_pings_in_markdown_also_behind_a_backslash(text: str) -> None:
    assert slack_reader.pings({"markdown_text": text})
    assert slack_reader.pings({"blocks": [{"type": "markdown", "text": text}]})
    assert not slack_reader.pings(
        {"blocks": [{"type": "section", "text": {"type": "plain_text", "text": text}}]}
    )


@pytest.mark.parametrize(
    "text", ["&lt;!here&gt;", "<!date^1^{date}|x>", "<#C1>", "<\u2060!here>", "@here", "< !here>"]
)
def test_on_slack_what_is_no_mention_pings_nobody(text: str) -> None:
    assert not slack_reader.pings({"text": text, "blocks": [{"type": "markdown", "text": text}]})


def test_on_slack_plain_names_ping_where_the_call_asks_for_it() -> None:
    assert slack_reader.pings({"text": "@here", "link_names": True})
    assert slack_reader.pings({"text": "@channel", "parse": "full"})


def test_on_slack_what_is_posted_unfurls_unless_it_says_that_it_does_not() -> None:
    assert slack_reader.loads("chat.postMessage", {"text": EVIL})
    assert slack_reader.loads("chat.postMessage", {"text": EVIL, "unfurl_links": False})
    assert not slack_reader.loads("chat.postMessage", {"text": EVIL, **UNFURLS_NOTHING})
    assert slack_reader.loads("chat.update", {"blocks": [{"type": "image", "image_url": EVIL}]})
