-- Tell nothing more of a process.
-- KEYS: signs, states
-- ARGV: process
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
