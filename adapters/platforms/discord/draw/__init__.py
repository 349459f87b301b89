"""What people see on Discord, drawn from the bot's views, and read again when they use it. Pure.

`messages` are texts with what can be pressed below and a file: `buttons`, or the settings' `panel`, which
opens `forms`.
"""
