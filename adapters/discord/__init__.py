"""Discord, through discord.py.

`translate` makes the bot's values of the library's objects, `controls` holds the slash commands and
`originals` their first answers, `inbox` hands events on, `traffic` watches the requests, `faults` names
errors, `limits` holds numbers; `platform` puts them together.
"""
