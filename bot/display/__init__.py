"""How a growing answer is shown: cut into pages, at the platform's pace, in messages that are edited."""
