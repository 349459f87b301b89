"""`make bench`: the prompt's cost, then how far behind the model a reader is."""

import asyncio

from tests.bench import prompt, replies

prompt.main()
asyncio.run(replies.main())
