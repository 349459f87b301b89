"""What a page allows. Numbers only; all of them are our own choice: nobody limits a page but its reader."""

from bot.conversation.limits import Bucket, Per, PlatformLimits

LIMITS = PlatformLimits(
    # A page scrolls: an answer is one piece, so that its code can be copied whole.
    page_length=1_000_000,
    # Four times a second reads as flowing, and twenty answers at once cost a third of a core.
    growth_interval=0.25,
    # The buttons come then.
    settles=True,
    # Above the first question.
    says_what_is_kept=True,
    alone=True,
    buckets={},
    total=Bucket(calls=2000, seconds=1, per=Per.BOT),
)

SHOWN_TURNS = 100
"""Turns of a conversation on the page; older ones are kept and not shown."""

LISTED = 100
"""Conversations in the side bar: as many as the store remembers of a session."""

QUESTION_LENGTH = 100_000
"""Characters of a question: more than the model's window holds, however short its tokens are."""

OPEN_PAGES = 10_000
"""Things that Gradio does at once: one for each open page, and one more where an answer grows."""

PULSE = 15.0
"""Seconds between two signs of life of an open page."""

QUEUE_PAUSE = 0.02
"""Seconds for which Gradio's queue rests when nothing was pressed: nobody feels them, and asking so often
costs next to nothing."""

TITLE_LENGTH = 80
"""Characters of a conversation's title."""

FILE_SECONDS = 600.0
"""How long a file that was asked for can be fetched."""

COOKIE_DAYS = 400
"""How long a browser keeps a cookie: the most that browsers allow (RFC 6265bis). Renewed on every visit."""

BODY_BYTES = 1_000_000
"""The largest request that is read."""
