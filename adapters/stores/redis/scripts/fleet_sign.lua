-- Keep what a process says of itself, and when.
-- KEYS: signs (when each process gave its last), states (what it said)
-- ARGV: process, state, milliseconds after which a process without a sign is not told of any more
-- Gives 1 where its last sign was there still.
local signs, states = KEYS[1], KEYS[2]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local there = redis.call('HEXISTS', states, ARGV[1])
redis.call('HSET', states, ARGV[1], ARGV[2])
redis.call('ZADD', signs, now, ARGV[1])
for _, process in ipairs(redis.call('ZRANGEBYSCORE', signs, '-inf', now - tonumber(ARGV[3]))) do
  redis.call('ZREM', signs, process)
  redis.call('HDEL', states, process)
end
return there
