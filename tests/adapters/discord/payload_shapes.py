"""Messages in the shapes that Discord documents, of chance: resources/message, poll, sticker, and components.

What may be absent is absent at times; numbers go beyond the kinds that are known today.
"""

from typing import Any

from hypothesis import strategies as st

from tests.adapters.discord.recorded import ADA, BOT, CHANNEL, GRACE, GUILD, KEEPERS, OWN_ROLE, THREAD, VOICE

Payloads = st.SearchStrategy[dict[str, Any]]

SAMPLES = (
    "",
    "why?",
    f"<@{BOT}> why?",
    f"<@!{BOT}>, `<@{BOT}>` <@{ADA}> <@&{KEEPERS}> <#{CHANNEL}> <:lamp:132> <t:1772452800:R> <t:-9999999999>",
    f"see https://discord.com/channels/{GUILD}/{CHANNEL}/1478000000004194305",
    "```py\nx = 1\n``` ` `` <id:guide> </ask:1> @everyone",
    "\ud83d \x00 \u202e 🙂" + "x" * 1900,
)

TEXTS = st.sampled_from(SAMPLES)
NAMES = st.sampled_from(("Ada", "a `b`\nc", "", "🙂"))
IDS = st.sampled_from(("1478000000004194305", "1478000000004194306", THREAD))
TIMES = st.sampled_from(("2026-03-02T12:00:03.000000+00:00", "2026-03-02T12:00:03+00:00"))


def shapes(always: dict[str, Any], at_times: dict[str, Any]) -> Payloads:
    return st.fixed_dictionaries(always, optional=at_times)


def few(each: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[list[Any]]:
    return st.lists(each, max_size=most)


PEOPLE = shapes(
    {
        "id": st.sampled_from((ADA, GRACE, BOT)),
        "username": NAMES,
        "discriminator": st.just("0"),
        "avatar": st.none(),
        "global_name": st.none() | NAMES,
    },
    {"bot": st.booleans(), "public_flags": st.just(0)},
)
MEMBERS = st.fixed_dictionaries(
    {
        "roles": few(st.sampled_from((KEEPERS, "1"))),
        "joined_at": TIMES,
        "deaf": st.just(False),
        "mute": st.just(False),
        "flags": st.just(0),
    }
)
EMBEDS = shapes(
    {},
    {
        "type": st.sampled_from(("rich", "link", "image", "video", "gifv", "article", "poll_result", "else")),
        "title": TEXTS,
        "description": TEXTS,
        "url": st.just("https://alerts.example/4711"),
        "color": st.integers(0, 0xFFFFFF),
        "timestamp": TIMES,
        "fields": few(shapes({"name": TEXTS, "value": TEXTS}, {"inline": st.booleans()})),
        "author": shapes({"name": NAMES}, {"url": st.just("https://x.example")}),
        "footer": shapes({"text": TEXTS}, {}),
        "provider": shapes({}, {"name": NAMES}),
        "image": shapes({"url": st.just("https://x.example/a.png")}, {"width": st.just(1)}),
    },
)
FILES = shapes(
    {
        "id": IDS,
        "filename": st.sampled_from(("a.txt", "cat.png", "message.txt", "")),
        "size": st.integers(0, 10**9),
        "url": st.just("https://cdn.discordapp.com/a"),
        "proxy_url": st.just("https://media.discordapp.net/a"),
    },
    {"content_type": st.sampled_from(("text/plain; charset=utf-8", "image/png", "")), "flags": st.just(0)},
)
STICKERS = st.fixed_dictionaries({"id": IDS, "name": NAMES, "format_type": st.integers(1, 5)})
POLLS = shapes(
    {
        "question": shapes({}, {"text": TEXTS}),
        "answers": few(
            st.fixed_dictionaries({"answer_id": st.integers(1, 3), "poll_media": shapes({"text": TEXTS}, {})})
        ),
        "expiry": TIMES,
        "allow_multiselect": st.booleans(),
        "layout_type": st.integers(1, 2),
    },
    {
        "results": st.fixed_dictionaries(
            {
                "is_finalized": st.booleans(),
                "answer_counts": few(
                    st.fixed_dictionaries(
                        {"id": st.integers(1, 4), "count": st.integers(0, 9), "me_voted": st.booleans()}
                    )
                ),
            }
        )
    },
)
LABELS = st.fixed_dictionaries({"type": st.just(10), "content": TEXTS})
MEDIA = st.fixed_dictionaries({"url": st.just("https://x.example/a.png")})
BUTTONS = shapes(
    {"type": st.just(2), "style": st.integers(1, 6), "custom_id": st.just("x")},
    {"label": NAMES, "disabled": st.booleans()},
)
MENUS = shapes(
    {"type": st.sampled_from((3, 5, 6, 7, 8)), "custom_id": st.just("x")},
    {"placeholder": NAMES, "options": few(st.fixed_dictionaries({"label": NAMES, "value": NAMES}))},
)
BLOCKS = st.one_of(
    LABELS,
    st.fixed_dictionaries({"type": st.just(1), "components": few(BUTTONS | MENUS)}),
    st.fixed_dictionaries({"type": st.just(9), "components": few(LABELS), "accessory": BUTTONS}),
    st.fixed_dictionaries(
        {"type": st.just(12), "items": few(shapes({"media": MEDIA}, {"description": TEXTS}))}
    ),
    shapes({"type": st.just(13), "file": MEDIA}, {"name": NAMES, "size": st.just(1)}),
    st.fixed_dictionaries({"type": st.just(14)}),
    st.fixed_dictionaries({"type": st.integers(24, 99)}),
)
COMPONENTS = BLOCKS | st.fixed_dictionaries({"type": st.just(17), "components": few(BLOCKS)})

SHOWN = {
    "content": TEXTS,
    "embeds": few(EMBEDS),
    "attachments": few(FILES),
    "components": few(COMPONENTS),
    "timestamp": TIMES,
    "edited_timestamp": st.none() | TIMES,
    "flags": st.sampled_from((0, 1 << 5, 1 << 14, 1 << 15)),
}
SNAPSHOTS = st.fixed_dictionaries(
    {"message": shapes({**SHOWN, "type": st.integers(0, 50)}, {"sticker_items": few(STICKERS)})}
)


def messages(kinds: st.SearchStrategy[int], referenced: Payloads | None = None) -> Payloads:
    """Messages of these kinds, in a channel, a thread, in private, or in a place that nobody knows."""
    at_times: dict[str, Any] = {
        "sticker_items": few(STICKERS),
        "poll": POLLS,
        "webhook_id": st.just("1400000000000000001"),
        "member": MEMBERS,
        "guild_id": st.sampled_from((GUILD, "1")),
        "message_reference": shapes(
            {"channel_id": st.sampled_from((CHANNEL, THREAD, "1"))},
            {"type": st.integers(0, 2), "message_id": IDS, "guild_id": st.just(GUILD)},
        ),
        "message_snapshots": few(SNAPSHOTS, 1),
    }
    if referenced is not None:
        at_times["referenced_message"] = st.none() | referenced
    return shapes(
        {
            **SHOWN,
            "id": IDS,
            "channel_id": st.sampled_from((CHANNEL, THREAD, VOICE, "1200000000000000001", "5")),
            "author": PEOPLE,
            "type": kinds,
            "tts": st.just(False),
            "pinned": st.booleans(),
            "mention_everyone": st.booleans(),
            "mentions": few(PEOPLE),
            "mention_roles": few(st.sampled_from((OWN_ROLE, KEEPERS, "1"))),
        },
        at_times,
    )


WRITTEN, OTHERS = (0, 19), (6, 20, 21, 46, 99)
MESSAGES = messages(st.sampled_from((*WRITTEN, *WRITTEN, *OTHERS)), messages(st.sampled_from((0, 19, 46))))
