"""Checks everything that the bot needs, side by side, and says what to do about what is wrong.

One module for each outside system: `check(...)` asks it and judges the answers; whatever goes wrong there is
a finding. `finding` is what they give, `doctor` runs them, `report` draws. Nothing that people see changes.
"""
