"""One trace a turn, for whatever takes OpenTelemetry's: an extra, and the only part that knows its library.

spans      what happens -> spans, each made when it is over
sending    whether they are sent at all, and the end of it
provider   how: the library, imported where they are
"""
