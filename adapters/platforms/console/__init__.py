"""The terminal as a platform: `mixtral-bot chat`, also from a pipe."""
