-- Remember a turn, drop its request, give the lease back.
-- KEYS: inbox, messages, lease, state, history, sessions, heard, forgotten, seen
-- ARGV: fence, id, epoch, turn ('' for none), forget turns asked before (seconds since 1970),
--       seconds to keep the conversation for, the most turns to keep, the conversation's name, the most
--       sessions to keep, what the turn's record begins with, whether it is new (0 or 1),
--       how many of the heard it has taken in, how many of the forgotten are not in the turn any more,
--       where changes are published, this change
-- Gives 'lost', what became of the question meanwhile ('withdraw', 'revise'), 'forgotten' where somebody was
-- forgotten since, or how many requests wait.
local inbox, messages, lease, state, history = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, turn, begins = ARGV[2], ARGV[4], ARGV[10]
local holder = redis.call('HMGET', state, 'fence', 'current', 'epoch', 'interruption')
if holder[1] ~= ARGV[1] or holder[2] ~= id then
  return 'lost'
end
if turn ~= '' and (holder[4] == 'withdraw' or holder[4] == 'revise') then
  return holder[4]
end
if turn ~= '' and redis.call('SCARD', KEYS[8]) ~= tonumber(ARGV[13]) then
  return 'forgotten'
end
redis.call('DEL', KEYS[8])
if ARGV[11] == '0' then
  -- What is asked of an answer may be asked again: nothing may have come of it.
  redis.call('ZREM', KEYS[9], id)
end
redis.call('ZREM', inbox, id)
redis.call('HDEL', messages, id)
redis.call('DEL', lease)
redis.call('HDEL', state, 'current', 'about', 'text', 'replies', 'interruption')
redis.call('EXPIRE', state, ARGV[6])
if turn ~= '' and (holder[3] or '0') == ARGV[3] then
  local place
  for index, record in ipairs(redis.call('LRANGE', history, 0, -1)) do
    if string.sub(record, 1, #begins) == begins then
      place = index - 1
    end
  end
  if place then
    redis.call('LSET', history, place, turn)
  elseif ARGV[11] == '1' then
    redis.call('RPUSH', history, turn)
    redis.call('LTRIM', history, -tonumber(ARGV[7]), -1)
    redis.call('LTRIM', KEYS[7], ARGV[12], -1)
  end
  if redis.call('EXISTS', history) == 1 then
    redis.call('EXPIRE', history, ARGV[6])
    redis.call('ZADD', KEYS[6], cjson.decode(turn)['asked_at'], ARGV[8])
    redis.call('ZREMRANGEBYRANK', KEYS[6], 0, -tonumber(ARGV[9]) - 1)
    redis.call('EXPIRE', KEYS[6], ARGV[6])
  end
end
local oldest = redis.call('LINDEX', history, 0)
while oldest and (cjson.decode(oldest)['asked_at'] or 0) < tonumber(ARGV[5]) do
  redis.call('LPOP', history)
  oldest = redis.call('LINDEX', history, 0)
end
redis.call('PUBLISH', ARGV[14], ARGV[15])
return redis.call('ZCARD', inbox)
