-- Put a request in the inbox, once.
-- KEYS: inbox, messages, seen, history, state
-- ARGV: id, its time, request, only_known (0 or 1), seconds to know ids for, seconds to keep requests for,
--       where changes are published, this change
local inbox, messages, seen, history, state = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, at, request = ARGV[1], ARGV[2], ARGV[3]
local now = tonumber(redis.call('TIME')[1])
if redis.call('ZSCORE', seen, id) then
  return 'duplicate'
end
if ARGV[4] == '1' and redis.call('EXISTS', history, inbox) == 0 then
  return 'not_ours'
end
-- The first write is one that a full server refuses: it takes all of it, or nothing.
redis.call('ZADD', inbox, at, id)
redis.call('HSET', messages, id, request)
redis.call('EXPIRE', inbox, ARGV[6])
redis.call('EXPIRE', messages, ARGV[6])
local version = add(state, 'version', 1)
redis.call('EXPIRE', state, ARGV[6])
-- It is known last: where a key of another type has broken it off, it is submitted again.
redis.call('ZADD', seen, now, id)
redis.call('ZREMRANGEBYSCORE', seen, '-inf', now - tonumber(ARGV[5]))
redis.call('EXPIRE', seen, ARGV[5])
redis.call('PUBLISH', ARGV[7], ARGV[8] .. version .. ']')
return 'new'
