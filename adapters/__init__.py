"""What the bot touches: a folder for each outside system, unaware of each other.

    platforms/      where people talk: one folder each, and the registry
    stores/redis/   what is kept
    models/         what writes, and its tokenizer
    metrics/        what is counted, for Prometheus
    traces/         the same as spans, for OpenTelemetry
    locale_data     how languages write numbers, counts, days
    configuration/  the environment -> one frozen `Settings`
    composition/    makes every object, once
    operator/       what an operator asks at the command line
    main            the command line

How to add

- a platform: its folder under `platforms/` with `variables` (what is configured), `limits` (numbers with
  their sources), `translate` (payload -> event, pure) and `platform` (`bot.ports.Platform`; its library's
  exceptions stop there), and in `__init__` its `PLATFORM`; its
  `Built.connected` says whether it hears what happens there; then its line in `platforms/__init__.py`, or in
  `BOT_PLATFORMS` for a package of one's own, and a stage in `tests/contracts/test_platform.py`.
  `tests/platform_elsewhere/` is a whole one.
- a metric: its value in `bot/conversation/measures.py`, given to the `Meter` where it is known, its line in
  `metrics/names.py` and its case in `metrics/counting.py`; its row in `docs/operations.md`.
- a setting: its row in `bot/conversation/settings.py`, its phrases in each language, and its names on the
  wire in `models/`. Its variable, forms and help come from the row.
- a verb: its row in `bot/conversation/verbs.py`, the function of its name in `bot/commands/`, its phrases.
- a language: its folder under `bot/languages/`, named by its tag; nothing else.
- a store: `bot.ports.Store` under `stores/`, opened in `composition/`, and run by `tests/contracts/`.
- a model: `bot.ports.Model` under `models/`, chosen in `composition/models.py`.
"""
