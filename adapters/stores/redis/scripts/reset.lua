-- Forget a conversation's turns; how many there were. A turn that is being answered is not remembered either.
-- KEYS: history, state
-- ARGV: seconds to keep the state for, where changes are published, this change
local turns = redis.call('LLEN', KEYS[1])
redis.call('DEL', KEYS[1])
add(KEYS[2], 'epoch', 1)
local clock = redis.call('TIME')
redis.call('HSET', KEYS[2], 'reset_at', string.format('%d.%06d', clock[1], clock[2]))
local version = add(KEYS[2], 'version', 1)
redis.call('EXPIRE', KEYS[2], ARGV[1])
redis.call('PUBLISH', ARGV[2], ARGV[3] .. version .. ']')
return turns
