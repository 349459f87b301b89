"""Real processes over real sockets while everything goes wrong, and what became of each question: `make
chaos`. `simulation` plays the core alone, on virtual time; `soak` says what a bot uses in the long run.
docs/reliability.md says what is promised."""
