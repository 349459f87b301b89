"""The bot at work: it takes events in, keeps conversations moving, and ends in order."""
