-- Carry out one command.
-- KEYS: its key
-- ARGV: its name, and what comes behind the key
return redis.call(ARGV[1], KEYS[1], unpack(ARGV, 2))
