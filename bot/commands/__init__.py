"""What each of the words, buttons and forms does."""
