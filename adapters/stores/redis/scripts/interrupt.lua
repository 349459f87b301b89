-- Say what has become of a question that waits or is being worked on.
-- KEYS: inbox, messages, seen, state
-- ARGV: the question's id, 'stop', 'withdraw' or 'revise', the revised request, its text,
--       seconds to know ids for, where changes are published, this change
-- Gives 'current' where somebody is at work on it, 'waiting' where it waited, 'same' where its text is no
-- other, 'none' where there is no such question.
local inbox, messages, seen, state = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id, how = ARGV[1], ARGV[2]
local now = tonumber(redis.call('TIME')[1])
local running = redis.call('HMGET', state, 'current', 'about', 'interruption')
local at_work = running[1] and running[2] == id
local function tell()
  redis.call('PUBLISH', ARGV[6], ARGV[7])
end
if how == 'revise' then
  local request = redis.call('HGET', messages, id)
  if not request or running[3] == 'withdraw' then
    return 'none'
  elseif cjson.decode(request)['message']['text'] == ARGV[4] then
    return 'same'
  end
  redis.call('HSET', messages, id, ARGV[3])
  if running[1] == id then
    redis.call('HSET', state, 'interruption', how)
  end
  tell()
  return running[1] == id and 'current' or 'waiting'
end
local found = 'none'
if at_work then
  if how == 'withdraw' or not running[3] then
    redis.call('HSET', state, 'interruption', how)
  end
  found = 'current'
end
if how == 'withdraw' then
  -- What comes late is not taken any more.
  redis.call('ZADD', seen, now, id)
  redis.call('EXPIRE', seen, ARGV[5])
  if running[1] ~= id and redis.call('HDEL', messages, id) == 1 then
    redis.call('ZREM', inbox, id)
    found = 'waiting'
  end
end
if found ~= 'none' then
  tell()
end
return found
