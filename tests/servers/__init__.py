"""The systems around the bot, on this machine: each is tested beside itself."""
