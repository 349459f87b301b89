-- Put a request in the inbox, once, and where it is new, lease what is next there.
-- KEYS: as `submit` has them, and behind them as `claim`
-- ARGV: as `submit` has them, and behind them as `claim`
-- Gives what `submit` gives and what `claim` does.
local became = submit({unpack(KEYS, 1, 5)}, {unpack(ARGV, 1, 8)})
return {became, became == 'new' and claim({unpack(KEYS, 6)}, {unpack(ARGV, 9)}) or {}}
