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

PULSE = 15.0
"""Seconds between two signs of life on the stream of an open page."""

TITLE_LENGTH = 80
"""Characters of a conversation's title."""

FILE_SECONDS = 600.0
"""How long a file that was asked for can be fetched."""

COOKIE_DAYS = 400
"""How long a browser keeps a cookie: the most that browsers allow (RFC 6265bis). Renewed on every visit."""

PART = 0.75
"""Of all the connections that there may be: each open page keeps one."""

BODY_BYTES, FORM_BYTES = 1_000_000, 8_000
"""The largest body that is read: of a question with its settings, and of the form that asks for a password,
which anybody may send."""

BODY_SECONDS = 10.0
"""How long a body may take to come."""

BODIES, ALL_BODIES = 4, 32
"""Bodies that are read at once: of one visitor, and in all. So many megabytes they may take."""

STREAMS, STREAMS_THERE = 24, 200
"""Streams that are open at once: of one visitor, who has one for each page that is looked at, and from one
address."""

DONE, DONE_THERE, DONE_SECONDS = 120, 1200, 10.0
"""Things that are done in so many seconds, by one visitor and from one address. A page asks once for
each press."""

PATH_LENGTH, NAME_LENGTH = 1024, 200
"""Characters of a path, and of one name in it: no file has a longer one."""

LOGIN_SECONDS = 30 * 24 * 3600
"""How long a login is good."""

TRIES, TRIES_SECONDS = 10, 60.0
"""Passwords from one address in so many seconds: a person mistypes three times, a machine tries thousands."""

USER_TRIES, USER_SECONDS = 30, 3600.0
"""Passwords for one user in so many seconds, from wherever they come. Browsers that this user has logged in
with before are counted for themselves: nobody is kept out by those who guess."""

LOOK_AGAIN = 10.0
"""Seconds after which an open stream is looked at again: its login may have ended."""

HANDOUTS = 4
"""Files that one visitor can fetch at once; the ones before are gone then."""
