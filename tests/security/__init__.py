"""Who may do what: every verb, every way to say it, every kind of person."""
