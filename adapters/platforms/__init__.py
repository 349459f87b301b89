"""The chat platforms: a folder for each, unaware of each other."""
