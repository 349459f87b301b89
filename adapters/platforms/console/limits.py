"""What a terminal allows."""

from bot.conversation.limits import Bucket, Per, PlatformLimits

LIMITS = PlatformLimits(
    # A terminal scrolls: a page is as long as any answer, and a dry run says a whole prompt.
    page_length=1_000_000,
    # Ten redraws a second look smooth and cost little.
    growth_interval=0.1,
    # The prompt comes back then.
    settles=True,
    alone=True,
    buckets={},
    total=Bucket(calls=40, seconds=1, per=Per.BOT),
)
"""Our own choice throughout: nobody limits a terminal."""
