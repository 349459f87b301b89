"""How much is kept of a conversation."""

MOST_TURNS = 500
"""Its turns: 32,768 tokens hold no more than a few hundred short ones."""

MOST_SESSIONS = 100
"""Conversations of a channel that its overview is made from."""
