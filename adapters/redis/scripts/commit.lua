-- Remember a turn, drop its question, give the lease back. How many questions wait; -1: the claim was lost.
-- KEYS: inbox, messages, lease, state, history, sessions
-- ARGV: fence, id, epoch, turn ('' for none), forget turns asked before (seconds since 1970),
--       seconds to keep the conversation for, the most turns to keep, the conversation's name, the most
--       sessions to keep
local inbox, messages, lease, state, history = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id = ARGV[2]
local holder = redis.call('HMGET', state, 'fence', 'current', 'epoch')
if holder[1] ~= ARGV[1] or holder[2] ~= id then
  return -1
end
redis.call('ZREM', inbox, id)
redis.call('HDEL', messages, id)
redis.call('DEL', lease)
redis.call('HDEL', state, 'current', 'text', 'replies')
redis.call('EXPIRE', state, ARGV[6])
if ARGV[4] ~= '' and (holder[3] or '0') == ARGV[3] then
  redis.call('RPUSH', history, ARGV[4])
  redis.call('LTRIM', history, -tonumber(ARGV[7]), -1)
  redis.call('EXPIRE', history, ARGV[6])
  redis.call('ZADD', KEYS[6], cjson.decode(ARGV[4])['asked_at'], ARGV[8])
  redis.call('ZREMRANGEBYRANK', KEYS[6], 0, -tonumber(ARGV[9]) - 1)
  redis.call('EXPIRE', KEYS[6], ARGV[6])
end
local oldest = redis.call('LINDEX', history, 0)
while oldest and (cjson.decode(oldest)['asked_at'] or 0) < tonumber(ARGV[5]) do
  redis.call('LPOP', history)
  oldest = redis.call('LINDEX', history, 0)
end
return redis.call('ZCARD', inbox)
