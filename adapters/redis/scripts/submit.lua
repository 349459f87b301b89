-- Put a question in the inbox, once.
-- KEYS: inbox, messages, seen, history
-- ARGV: id, sent_at, message, only_known (0 or 1), seconds to know ids for, seconds to keep questions for
local inbox, messages, seen, history = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id, sent_at, message = ARGV[1], ARGV[2], ARGV[3]
local now = tonumber(redis.call('TIME')[1])
if ARGV[4] == '1' and redis.call('EXISTS', history, inbox) == 0 then
  return 'not_ours'
end
if redis.call('ZSCORE', seen, id) then
  return 'duplicate'
end
redis.call('ZREMRANGEBYSCORE', seen, '-inf', now - tonumber(ARGV[5]))
redis.call('ZADD', seen, now, id)
redis.call('EXPIRE', seen, ARGV[5])
redis.call('ZADD', inbox, sent_at, id)
redis.call('HSET', messages, id, message)
redis.call('EXPIRE', inbox, ARGV[6])
redis.call('EXPIRE', messages, ARGV[6])
return 'new'
