"""`make bench`: the prompt's cost, how soon a stop stops, then how far behind the model a reader is."""

import asyncio

from tests.bench import prompt, replies, stop

prompt.main()
stop.main()
asyncio.run(replies.main())
