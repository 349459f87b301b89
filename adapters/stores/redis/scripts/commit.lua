-- Remember a turn, drop its request, give the lease back.
-- KEYS: inbox, messages, lease, state, history, sessions, forgotten, seen, texts, text_ages, requoted, at_work,
--       ids, files
-- ARGV: fence, id, epoch, turn ('' for none), forget turns asked before (seconds since 1970),
--       seconds to keep the conversation for, the most turns to keep, the conversation's name, the most
--       sessions to keep, the question's id, when its question was asked, whether it is done
--       once (0 or 1), how many of the forgotten are not in the turn any more, how much of what was requoted it
--       has, the conversation in at_work, the texts of the turn's files ('' for none), where changes are
--       published, this change
-- Gives 'lost', 'gone' where the store has lost the conversation, what became of the question meanwhile
-- ('withdraw', 'revise'), 'changed' where somebody was forgotten or a message has other words since, or how many requests wait.
local inbox, messages, lease, state, history = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local ids, files = KEYS[13], KEYS[14]
local id, turn, question = ARGV[2], ARGV[4], ARGV[10]
local holder = redis.call('HMGET', state, 'fence', 'current', 'interruption')
if not holder[1] then
  return 'gone'
end
if holder[1] ~= ARGV[1] or holder[2] ~= id then
  return 'lost'
end
if turn ~= '' and (holder[3] == 'withdraw' or holder[3] == 'revise') then
  return holder[3]
end
if turn ~= '' and (redis.call('SCARD', KEYS[7]) ~= tonumber(ARGV[13])
  or redis.call('LLEN', KEYS[11]) ~= tonumber(ARGV[14])) then
  return 'changed'
end
-- The first write is one that a full server refuses, as it has refused what was to be kept before it.
local version = add(state, 'version', 1)
if turn ~= '' and whole(state, 'epoch') == tonumber(ARGV[3]) then
  local place = place_of(history, ids, question)
  if place then
    redis.call('LSET', history, place, turn)
    rewrite(state)
  elseif ARGV[12] == '1' then
    redis.call('RPUSH', history, turn)
    redis.call('RPUSH', ids, question)
    for _ = tonumber(ARGV[7]) + 1, redis.call('LLEN', history) do
      redis.call('LPOP', history)
      redis.call('HDEL', files, redis.call('LPOP', ids))
    end
  end
  if ARGV[16] == '' then
    redis.call('HDEL', files, question)
  elseif place or ARGV[12] == '1' then
    redis.call('HSET', files, question, ARGV[16])
  end
  if redis.call('EXISTS', history) == 1 then
    for _, key in ipairs({history, ids, files}) do
      redis.call('EXPIRE', key, ARGV[6])
    end
    redis.call('ZADD', KEYS[6], ARGV[11], ARGV[8])
    redis.call('ZREMRANGEBYRANK', KEYS[6], 0, -tonumber(ARGV[9]) - 1)
    redis.call('EXPIRE', KEYS[6], ARGV[6])
  end
end
remove_turns_before(history, ids, files, tonumber(ARGV[5]))
-- Texts that no turn can refer to any more.
local outdated = tonumber(ARGV[5]) - tonumber(ARGV[6])
for _, digest in ipairs(redis.call('ZRANGEBYSCORE', KEYS[10], '-inf', outdated)) do
  redis.call('HDEL', KEYS[9], digest)
  redis.call('ZREM', KEYS[10], digest)
end
-- The request goes last: where a key of another type has broken it off, it is committed again.
redis.call('SREM', KEYS[12], ARGV[15])
if ARGV[12] == '0' then
  -- It may be asked again: nothing may have come of it.
  redis.call('ZREM', KEYS[8], id)
end
redis.call('ZREM', inbox, id)
redis.call('HDEL', messages, id)
redis.call('DEL', lease, KEYS[7], KEYS[11])
redis.call('HDEL', state, 'current', 'about', 'text', 'replies', 'ended', 'account', 'interruption', 'begun',
  'failures')
redis.call('EXPIRE', state, ARGV[6])
redis.call('PUBLISH', ARGV[17], ARGV[18] .. version .. ']')
return redis.call('ZCARD', inbox)
