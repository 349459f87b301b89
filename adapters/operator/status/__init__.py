"""`mixtral-bot status`: how it stands with all processes, as they say it in the store."""
