-- Put a request in the inbox, once.
-- KEYS: inbox, messages, seen, history, heard
-- ARGV: id, its time, request, only_known (0 or 1), seconds to know ids for, seconds to keep requests for,
--       what is overheard where it is not ours, the most to keep of that, where changes are published,
--       this change
local inbox, messages, seen, history = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id, at, request = ARGV[1], ARGV[2], ARGV[3]
local now = tonumber(redis.call('TIME')[1])
if redis.call('ZSCORE', seen, id) then
  return 'duplicate'
end
if ARGV[4] == '1' and redis.call('EXISTS', history, inbox) == 0 then
  redis.call('RPUSH', KEYS[5], ARGV[7])
  redis.call('LTRIM', KEYS[5], -tonumber(ARGV[8]), -1)
  redis.call('EXPIRE', KEYS[5], ARGV[5])
  return 'not_ours'
end
redis.call('ZREMRANGEBYSCORE', seen, '-inf', now - tonumber(ARGV[5]))
redis.call('ZADD', seen, now, id)
redis.call('EXPIRE', seen, ARGV[5])
redis.call('ZADD', inbox, at, id)
redis.call('HSET', messages, id, request)
redis.call('EXPIRE', inbox, ARGV[6])
redis.call('EXPIRE', messages, ARGV[6])
redis.call('PUBLISH', ARGV[9], ARGV[10])
return 'new'
