"""Discord, through discord.py.

`connection` logs in; `events` listens and `inbox` hands on what `translate` and `invocations` make of the
library's objects. `controls` has the slash commands, which `commands` lists, and `presses` takes in what
`components`, `panel` and `forms` draw. `screen` shows answers and `telling` the rest, each message a piece of
`pieces`; `originals` answer interactions, `traffic` watches the requests, `faults` names errors, `limits`
holds numbers; `platform` puts them together.
"""
