"""What Discord allows, as the pace that we choose below it. Numbers only; rate headers override them."""

from bot.conversation.limits import Bucket, Per, PlatformLimits

LIMITS = PlatformLimits(
    # Characters are Unicode code points. Documented: "Create Message", field `content`.
    page_length=2000,
    # The first edit comes about as soon as a whole answer is told best; the others as their window allows.
    growth_interval=0.25,
    # Undocumented; five calls in five seconds have been seen for years in the X-RateLimit headers, for posts
    # and for edits apart, each for one channel or thread. The tenth covers uneven round trips.
    buckets={"post": Bucket(calls=5, seconds=5.1), "edit": Bucket(calls=5, seconds=5.1)},
    # Documented: 50 requests a second for a bot. Half of them in 0.55 s are never more than all in 1.1 s: the
    # tenth covers ways to Discord that take unevenly long. In shorter windows less would come together on a
    # way that is slow at first, but places are held while the store is asked, and there would be too few.
    total=Bucket(calls=25, seconds=0.55, reserve=3, per=Per.BOT),
)

NONCE_LENGTH = 25
"""Characters of a message's nonce. Documented: "Create Message", field `nonce`."""

THREAD_NAME_LENGTH = 80
"""Characters that we use of the 100 that a thread's name may have ("Start Thread from Message", `name`)."""

INTERACTION_SECONDS = 14.5 * 60
"""How long we use an interaction's token. Documented: it is valid for 15 minutes."""

MEMBER_LOOKUPS = 5
"""Members asked for in a second, by all processes together, of the 50 requests that Discord allows a bot."""

MEMBER_SECONDS, MEMBER_WAIT = 60.0, 1.0
"""How long is remembered which roles somebody has, and how long a direct message waits to know."""

MOST_SERVERS = 10
"""Servers that are asked about one person. Our choice."""
