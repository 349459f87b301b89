-- Put another request in place of one: 1, or 0 where it is not there any more.
-- KEYS: messages, state
-- ARGV: its id, the request as it was, the new one, where changes are published, this change
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
local version = add(KEYS[2], 'version', 1)
redis.call('PUBLISH', ARGV[4], ARGV[5] .. version .. ']')
return 1
