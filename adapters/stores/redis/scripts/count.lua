-- One more.
-- KEYS: counts
-- ARGV: of what
return add(KEYS[1], ARGV[1], 1)
