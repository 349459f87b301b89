"""How large a fleet has to be: a simulation of the busiest hour, and what it multiplies out to."""
