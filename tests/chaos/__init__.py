"""Real processes over real sockets, with faults at random: what became of every question. `make check` runs
it."""
