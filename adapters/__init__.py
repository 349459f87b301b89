"""What the bot touches: one module or folder for each outside system, unaware of each other.

How to add a platform, in five steps:

 1. `limits.py`: how much fits a message and how often it may be changed, each number with its source.
 2. `translate.py`: its payloads -> `bot.messages` values, without I/O; test it with recorded payloads.
 3. `platform.py`: `bot.ports.Platform`, its library's exceptions turned into `bot.errors`.
 4. `controls.py`: its commands and buttons, drawn; what they do stands in `bot/commands.py`.
 5. `environment/` gets its variables, `composition/` puts it together, and the contract tests under
    `tests/contracts/` get a line. Nothing in `bot/` changes.
"""
