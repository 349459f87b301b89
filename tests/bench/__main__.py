"""`make bench`: what prompt and pages cost, how soon a stop stops, how far behind the model a reader is."""

import asyncio

from tests.bench import draft, prompt, replies, stop

prompt.main()
draft.main()
stop.main()
asyncio.run(replies.main())
