"""What is counted of the bot, for Prometheus: the only part that knows its client.

names       every metric, with its description
counting    what happens -> counts
standing    how it stands -> gauges, whenever somebody asks
store       the store, with its round trips counted
loop_lag    how late the event loop wakes
page        what `/metrics` answers
"""
