"""Payloads in the shapes that Slack documents, of chance: message events, Block Kit, interactions, commands.

What may be absent is absent at times; kinds go beyond those that are known today.
"""

from typing import Any

from hypothesis import strategies as st

from tests.adapters.slack.recorded import ADA, ASKED, BOT, CHANNEL, DIRECT, GRACE, GROUP, TEAM

Payloads = st.SearchStrategy[dict[str, Any]]

SAMPLES = (
    "",
    "why?",
    f"<@{BOT}> why?",
    f"<@{BOT}|mixtral>, `<@{BOT}>` <@{ADA}> <#{CHANNEL}|lamp-room> <#C9|> <!here> <!subteam^S1|@keepers>",
    f"see <https://lamp.slack.com/archives/{CHANNEL}/p1795000002000002?thread_ts=1795000001.000001&amp;cid=C1>",
    "<!date^1392734382^{date_short} {time}^https://x.example|then> <!date^soon> <!date^1e99^{x}|> <!> <@> <",
    "```x = 1\n``` ` `` &lt;@U1&gt; <mailto:a@x.example|a@x.example> |a|",
    "\ud83d \x00 \u202e 🙂" + "x" * 1900,
)

TEXTS = st.sampled_from(SAMPLES)
NAMES = st.sampled_from(("Ada", "a `b`\nc", "", "🙂"))
IDS = st.sampled_from((ADA, GRACE, BOT))
TIMES = st.sampled_from((ASKED, "1795000002.000002", "1764100000.000100"))
PLACES = st.sampled_from(((CHANNEL, "channel"), (CHANNEL, "group"), (DIRECT, "im"), (GROUP, "mpim")))


def shapes(always: dict[str, Any], at_times: dict[str, Any]) -> Payloads:
    return st.fixed_dictionaries(always, optional=at_times)


def few(each: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[list[Any]]:
    return st.lists(each, max_size=most)


def kind(called: str, /, always: dict[str, Any] | None = None, **at_times: Any) -> Payloads:
    return shapes({"type": st.just(called), **(always or {})}, at_times)


PLAIN = st.fixed_dictionaries({"type": st.sampled_from(("plain_text", "mrkdwn")), "text": TEXTS})
STYLES = shapes({}, {name: st.booleans() for name in ("bold", "italic", "strike", "code")})
INLINE = st.one_of(
    kind("text", {"text": TEXTS}, style=STYLES),
    kind("link", {"url": st.just("https://x.example/?a=1&b=<2>")}, text=TEXTS, style=STYLES),
    kind("user", {"user_id": IDS}),
    kind("channel", {"channel_id": st.just(CHANNEL)}),
    kind("usergroup", {"usergroup_id": st.just("S1")}),
    kind("broadcast", {"range": st.sampled_from(("here", "channel", "everyone"))}),
    kind("emoji", {"name": st.just("wave")}, unicode=st.just("1f44b"), skin_tone=st.integers(2, 6)),
    kind("color", {"value": st.just("#ff0000")}),
    kind("team", {"team_id": st.just(TEAM)}),
    kind(
        "date",
        {
            "timestamp": st.sampled_from((1392734382, -1, 10**18)),
            "format": st.sampled_from(("{date_long} {time}", "{ago}", "{x", "")),
        },
        fallback=TEXTS,
        url=st.just("https://x.example"),
    ),
    kind("a_new_one"),
)
SECTIONS = kind("rich_text_section", {"elements": few(INLINE)})
RICH = kind(
    "rich_text",
    {
        "elements": few(
            st.one_of(
                SECTIONS,
                kind("rich_text_quote", {"elements": few(INLINE)}),
                kind("rich_text_preformatted", {"elements": few(INLINE)}, border=st.just(0)),
                kind(
                    "rich_text_list",
                    {"elements": few(SECTIONS), "style": st.sampled_from(("bullet", "ordered"))},
                    indent=st.integers(0, 8),
                    offset=st.integers(0, 3),
                ),
            )
        )
    },
    block_id=st.just("b1"),
)
PICTURES = kind("image", {"alt_text": TEXTS}, image_url=st.just("https://x.example/a.png"), title=PLAIN)
BUTTONS = kind(
    "button",
    {"text": PLAIN, "action_id": st.sampled_from(("mixtral:stop", "x", ""))},
    value=TEXTS,
    url=st.just("https://x.example"),
)
MENUS = kind("static_select", {"action_id": st.just("m")}, placeholder=PLAIN, options=few(st.just({})))
CELLS = st.one_of(RICH, kind("raw_text", {"text": TEXTS}), kind("raw_number", {"value": st.integers()}))
BLOCKS = st.one_of(
    RICH,
    kind("section", {}, text=PLAIN, fields=few(PLAIN), accessory=st.one_of(PICTURES, BUTTONS, MENUS)),
    kind("header", {"text": PLAIN}),
    kind("context", {"elements": few(st.one_of(PLAIN, PICTURES))}, block_id=st.just("b2")),
    kind("actions", {"elements": few(st.one_of(BUTTONS, MENUS))}),
    kind("markdown", {"text": TEXTS}),
    kind("table", {"rows": few(few(CELLS))}, column_settings=few(st.none())),
    kind("video", {"alt_text": TEXTS, "title": PLAIN}, description=PLAIN),
    kind("file", {"external_id": st.just("1"), "source": st.just("remote")}),
    kind("input", {"label": PLAIN, "element": MENUS}),
    kind("call", {"call_id": st.just("R1")}, call=st.just({"v1": {"id": "R1"}})),
    PICTURES,
    kind("divider"),
    kind("a_new_one", {}, text=st.one_of(TEXTS, PLAIN), blocks=few(RICH), elements=st.none()),
)
FILES = shapes(
    {"id": st.sampled_from(("F1", "F2"))},
    {
        "name": st.none() | NAMES,
        "title": st.none() | NAMES,
        "mimetype": st.sampled_from(("text/plain", "image/png", "")),
        "mode": st.sampled_from(("hosted", "snippet", "post", "external", "tombstone", "hidden_by_limit")),
        "file_access": st.sampled_from(("visible", "check_file_info", "access_denied", "file_not_found")),
        "size": st.integers(0, 10**9),
        "url_private": st.just("https://files.slack.com/files-pri/T1-F1/a"),
    },
)
CARDS = shapes(
    {},
    {
        **dict.fromkeys(("text", "pretext", "title", "fallback", "footer", "author_name"), TEXTS),
        "author_id": IDS,
        "author_subname": NAMES,
        "title_link": st.just("https://x.example"),
        "fields": few(shapes({"title": TEXTS, "value": TEXTS}, {"short": st.booleans()})),
        "actions": few(kind("button", {"text": NAMES}, name=st.just("x"))),
        "blocks": few(BLOCKS),
        "message_blocks": few(
            st.fixed_dictionaries({"message": shapes({}, {"blocks": few(BLOCKS)}), "ts": TIMES}), 1
        ),
        "files": few(FILES),
        "is_share": st.booleans(),
        "is_msg_unfurl": st.booleans(),
        "channel_id": st.just(CHANNEL),
        "channel_name": NAMES,
        "ts": st.one_of(TIMES, st.integers(1, 10**9)),
        "id": st.integers(1, 9),
        "color": st.just("36a64f"),
    },
)
SUBTYPES = st.sampled_from(
    [
        *("bot_message", "me_message", "file_share", "thread_broadcast", "tombstone", "bot_add"),
        *("channel_join", "channel_topic", "channel_name", "channel_archive", "group_join", "pinned_item"),
        *("message_replied", "reminder_add", "huddle_thread", "assistant_app_thread", "ekm_access_denied"),
        *("channel_convert_to_private", "document_mention", "a_new_one"),
    ]
)
SHOWN = shapes(
    {"type": st.just("message"), "ts": TIMES},
    {
        "user": IDS,
        "subtype": SUBTYPES,
        "text": st.none() | TEXTS,
        "blocks": st.none() | few(BLOCKS),
        "attachments": few(CARDS),
        "files": st.none() | few(FILES),
        "thread_ts": TIMES,
        "bot_id": st.just("B1"),
        "bot_profile": shapes({}, {"name": NAMES}),
        "username": NAMES,
        "edited": st.fixed_dictionaries({"user": IDS, "ts": TIMES}),
        "parent_user_id": IDS,
        "hidden": st.booleans(),
        "metadata": st.just({"event_type": "x", "event_payload": {}}),
    },
)


@st.composite
def message_events(draw: st.DrawFn) -> dict[str, Any]:
    """Messages that come, change and go, in channels and in private."""
    channel, channel_type = draw(PLACES)
    place = {"type": "message", "channel": channel, "event_ts": ASKED}
    if draw(st.integers(0, 4)):
        place["channel_type"] = channel_type
    match draw(st.sampled_from(("new", "new", "mention", "message_changed", "message_deleted"))):
        case "new":
            return {**draw(SHOWN), **place}
        case "mention":
            place.pop("channel_type", None)
            event = {**draw(SHOWN), **place, "type": "app_mention"}
            return {name: value for name, value in event.items() if name != "subtype"}
        case "message_changed" as subtype:
            event = {**place, "subtype": subtype, "ts": draw(TIMES), "message": draw(SHOWN), "hidden": True}
        case subtype:
            event = {**place, "subtype": subtype, "ts": draw(TIMES), "deleted_ts": draw(TIMES)}
    if draw(st.booleans()):
        event["previous_message"] = draw(SHOWN)
    return event


REACTIONS = kind(
    "reaction_added",
    {
        "user": IDS,
        "reaction": st.sampled_from(("x", "+1::skin-tone-2", "wave", "")),
        "item": st.one_of(
            kind("message", {"channel": st.just(CHANNEL), "ts": TIMES}),
            kind("file", {"file": st.just("F1")}),
            kind("file_comment", {"file_comment": st.just("Fc1"), "file": st.just("F1")}),
        ),
        "event_ts": TIMES,
    },
    item_user=IDS,
)
OTHERS = st.one_of(
    kind(
        "app_home_opened",
        {"user": IDS, "channel": st.just(DIRECT), "tab": st.sampled_from(("home", "messages", "about"))},
        view=st.just({"id": "V1", "private_metadata": ""}),
    ),
    kind(
        "agent_session_stopped",
        {"user": IDS, "channel": st.just(CHANNEL), "thread_ts": TIMES, "event_ts": TIMES},
        streaming_message_ts=few(TIMES),
    ),
    kind("a_new_one", {"user": IDS}),
)
COMMANDS = shapes(
    {
        "command": st.just("/mixtral"),
        "team_id": st.just(TEAM),
        "channel_id": st.sampled_from((CHANNEL, DIRECT, GROUP)),
        "channel_name": NAMES,
        "user_id": IDS,
        "user_name": NAMES,
        "response_url": st.just("https://hooks.slack.com/commands/T1/1/x"),
        "trigger_id": st.just("1.2.x"),
        "api_app_id": st.just("A1"),
    },
    {
        "text": st.one_of(
            TEXTS, st.sampled_from(("temperature 0.3", "temperature", "why", "ask", "!help", "settings", "x"))
        ),
        "is_enterprise_install": st.just("false"),
    },
)
_ACTING = {
    "user": shapes({"id": IDS}, {"name": NAMES, "team_id": st.just(TEAM)}),
    "team": st.just({"id": TEAM, "domain": "lamp"}),
    "trigger_id": st.just("1.2.x"),
    "api_app_id": st.just("A1"),
}
_CHANNEL = st.fixed_dictionaries({"id": st.sampled_from((CHANNEL, DIRECT, GROUP)), "name": NAMES})
METADATA = st.sampled_from(
    ("", "x", "7", "{}", "[]", '[["C02LAMPROOM", "", false], "settings", "", ""]', "[[1], 2]")
)
VIEWS = kind(
    "modal",
    {
        "id": st.just("V1"),
        "hash": st.just("1.x"),
        "callback_id": st.sampled_from(("settings", "reason", "ask", "", "x")),
        "private_metadata": METADATA,
        "blocks": few(BLOCKS),
        "state": st.just({"values": {}}),
    },
)
_URL = st.just("https://hooks.slack.com/actions/T1/1/x")
INTERACTIONS = st.one_of(
    kind(
        "block_actions",
        {**_ACTING, "actions": st.lists(BUTTONS | MENUS, min_size=1, max_size=1), "channel": _CHANNEL},
        message=SHOWN,
        response_url=_URL,
    ),
    kind(
        "block_actions",
        {**_ACTING, "actions": st.lists(BUTTONS | MENUS, min_size=1, max_size=1), "view": VIEWS},
    ),
    kind(
        "message_action",
        {
            **_ACTING,
            "callback_id": st.sampled_from(("ask", "why", "settings", "x")),
            "channel": _CHANNEL,
            "message": SHOWN,
            "message_ts": TIMES,
            "response_url": _URL,
        },
    ),
    kind("shortcut", {**_ACTING, "callback_id": st.just("x")}),
    kind("view_submission", {**_ACTING, "view": VIEWS}),
    kind("view_closed", {**_ACTING, "view": VIEWS, "is_cleared": st.booleans()}),
)
