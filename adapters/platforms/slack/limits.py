"""What Slack allows, as the pace that we choose below it. Numbers only; `Retry-After` overrides them.

Documented on each method's page and under "Rate limits"; the numbers are minimums that Slack promises.
"""

from bot.conversation.limits import Bucket, Per, PlatformLimits

POST, UPDATE, APPEND = "post", "update", "append"

LIMITS = PlatformLimits(
    # Blocks of Markdown take 12,000 characters, all in all. Making a mention inert adds one to two of them at
    # least, so the longest page still fits when it is nothing but mentions; and `msg_blocks_too_long` counts
    # some 1,300 more together with the buttons (slackapi/bolt-js#2509).
    page_length=7000,
    growth_interval=0.5,
    # A native stream has to be closed, even when its last text stands there already.
    settles=True,
    buckets={
        # chat.postMessage: one a second in a channel, its threads included.
        POST: Bucket(calls=1, seconds=1.0, per=Per.CHANNEL, reserve=0, shared=True),
        # chat.update: 50 a minute. Growing texts leave five to last ones, and one more for each of theirs.
        UPDATE: Bucket(calls=50, seconds=60.5, per=Per.WORKSPACE, reserve=5, spacing=0.5, shared=True),
        # chat.appendStream: 100 a minute. A stream's end counts here too.
        APPEND: Bucket(calls=100, seconds=60.5, per=Per.WORKSPACE, reserve=20, spacing=0.5, shared=True),
    },
    # Nothing is documented for all methods together: our own bound against runaway loops.
    total=Bucket(calls=100, seconds=1.0, per=Per.BOT),
)

STREAMS_A_MINUTE = 18
"""chat.startStream and chat.stopStream: 20 a minute each in a workspace, less two for other processes. An
answer over that is posted and updated instead."""

STREAM_SECONDS = 270.0
"""How long we keep a stream open: Slack drops it after about five minutes."""

FALLBACK_LENGTH = 3000
"""Characters of a text beside its blocks, below the 4,000 that `chat.update` takes."""

UPDATE_LENGTH = 4000
"""Characters of a text without blocks that `chat.update` takes: over that, of Markdown alone."""

SECTION_LENGTH, LABEL_LENGTH, TITLE_LENGTH, INPUT_LENGTH = 3000, 75, 24, 3000
"""Characters of a section, a button or option, a form's title, a field. Documented: "Block Kit"."""

OPTIONS, OPTION_VALUE = 100, 150
"""How many options a menu has, and the characters that stand for one of them."""

COPY_LENGTH = 2500
"""Characters of an answer that is given to copy as a message; a longer one is a file."""

FILE_SECONDS = 30.0
CALL_SECONDS = 10.0
"""How long we wait for a file, and for one call of the Web API."""

PERSON_SECONDS = 3600.0
CHANNEL_SECONDS = 3600.0
UNKNOWN_SECONDS = 10.0
PERSON_WAIT = 1.0
"""How long is remembered who a person is, what a channel, and that Slack did not tell of one in time; and how
long an event waits for it."""

MOST_NAMES = 20
"""People and channels mentioned in one message or thread whose names are asked for; the others stay as they
are. Our choice."""

LOOKUPS_A_MINUTE = 60
"""users.info: 100 a minute and more in a workspace ("Tier 4"). Those who are mentioned get so many of them;
the rest is for who speaks."""

REPLIES_READ = 999
"""Messages of a thread asked for at once. Documented: below 1,000."""

HISTORY_PAGE = 200
"""Messages of a channel asked for at once. Documented: "no more than 200 at a time" is recommended."""

CONNECTIONS, OWN_CONNECTIONS = 10, 2
"""Connections of Socket Mode that Slack allows an app. Documented: "Using Socket Mode". And how many of them
one process has, as far as there are so many: while Slack renews one, the other one takes the events."""

MOST_MISSED = 40
"""Channels in which is looked for what was missed, and as many threads: Slack counts their calls apart. Our
choice: what it takes within a minute."""

READS_A_MINUTE, WINDOW_SECONDS = 40, 60.5
"""conversations.history and conversations.replies: 50 a minute each in a workspace. What was missed, and
whether what was asked before still stands, take so many of them; the rest is for what is read beside a
question. An app that is distributed outside the marketplace has one a minute: `Retry-After` says so."""

ANSWER_WAIT = 1.0
SHOW_WAIT = 0.5
"""Seconds until what somebody pressed is acknowledged though it is not done, or what came of it not shown:
together with `PERSON_WAIT` below the three that Slack waits."""

QUESTION_WAIT = 1.0
"""Seconds in which whoever put somebody's question into a channel may take it in themselves, with all that
belongs to it; then it is taken in as Slack tells of it."""

STANDS_SECONDS = 4.0
"""How long it may wait for its turn to be looked whether a question still stands: who wants to know waits
five."""

CLOSING_SECONDS = 3.0
"""How long what was acknowledged may take to be done when the bot ends, and all open streams to be closed."""

SIGN_SECONDS = 60.0
"""How long the sign of thinking is taken to stand where we showed it."""

STORE_WAIT = 2.0
"""Seconds until an event that the store did not take is given back to Slack, which sends it again."""

SIGNATURE_SECONDS = 300
BODY_BYTES = 1_000_000
"""How old a signed request may be (documented: five minutes), and how large (ours: Slack sends far less)."""
