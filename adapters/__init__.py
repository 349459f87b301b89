"""What the bot touches: a folder for each outside system, unaware of each other.

    platforms/      where people talk: one folder each, and the registry
    stores/redis/   what is kept
    models/         what writes, and its tokenizer
    configuration/  the environment -> one frozen `Settings`
    composition/    makes every object, once
    operator/       what an operator asks at the command line
    main            the command line

How to add:

- **a platform**: a folder in `platforms/` and its line in `PLATFORMS`, or a package of your own, named by
  `BOT_PLATFORMS`. In it `__init__` registers it, `variables` has its part of the configuration, `limits`
  its numbers with their sources; `translate` makes events of payloads and `draw` payloads of views, both
  without I/O; `gateway` hands events in, `client` calls it and names its refusals, and `platform` is
  `bot.ports.Platform`. The contract tests under `tests/contracts/` get a line. `tests/platform_elsewhere/`
  is a small one.
- **a verb** that people can say: its row in `bot/conversation/verbs.py`, its function in `bot/commands/`, its
  phrases in every language.
- **a setting**: its row in `bot/conversation/settings.py`, its field in `GenerationSettings`, its phrases;
  what it is called on the wire stands in `models/`.
- **a language**: its folder in `bot/languages/`.
- **a store**: an object for each part of `bot.ports.Store`; `tests/contracts/` runs over it.
"""
