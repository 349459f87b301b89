-- Say that something has changed in a conversation.
-- KEYS: state
-- ARGV: seconds to keep the state for, where changes are published, this change
local version = add(KEYS[1], 'version', 1)
redis.call('EXPIRE', KEYS[1], ARGV[1])
redis.call('PUBLISH', ARGV[2], ARGV[3] .. version .. ']')
return version
