-- Forget a conversation's turns and dividers; how many turns there were. A turn that is being answered is not
-- remembered either.
-- KEYS: history, ids, files, state
-- ARGV: seconds to keep the state for, where changes are published, this change
local history, state = KEYS[1], KEYS[4]
local turns = redis.call('LLEN', history)
redis.call('DEL', history, KEYS[2], KEYS[3])
add(state, 'epoch', 1)
redis.call('HDEL', state, 'dividers')
redis.call('HSET', state, 'reset_at', rewrite(state))
local version = add(state, 'version', 1)
redis.call('EXPIRE', state, ARGV[1])
redis.call('PUBLISH', ARGV[2], ARGV[3] .. version .. ']')
return turns
