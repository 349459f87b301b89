-- Put dividers into a conversation in place of those that there are; 1, or 0 where somebody else has meanwhile.
-- KEYS: state
-- ARGV: the dividers as they were, as they are to be, seconds to keep the state for, where changes are published,
--       this change
local state = KEYS[1]
if (redis.call('HGET', state, 'dividers') or '') ~= ARGV[1] then
  return 0
end
local version = add(state, 'version', 1)
redis.call('HSET', state, 'dividers', ARGV[2])
redis.call('EXPIRE', state, ARGV[3])
redis.call('PUBLISH', ARGV[4], ARGV[5] .. version .. ']')
return 1
