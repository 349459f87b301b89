-- Say what has become of a question that waits or is being worked on, or of a message that is quoted.
-- KEYS: inbox, messages, seen, state, history, the conversations in which the message is quoted,
--       requoted, at_work, ids
-- ARGV: the message's id, 'stop', 'withdraw', 'revise' or 'quote', the revised request, its text as it is kept, seconds to know ids
--       for, what stands in every record that says this id, the conversation among those that quote it,
--       where changes are published, this change, what stands in place of its text in a request that has the
--       same: where that is sealed, and where it is not
-- Gives four parts: 'running' where somebody is at work on it, 'waiting' where it waited, 'same' where its
-- text is no other, 'none' where there is no such question; the turns in which it stands; the requests in
-- which it does, each after its name; the conversations in which it is quoted, or may be once their answer is
-- there. What is not known costs nothing.
local inbox, messages, seen, state, history, quoted, requoted, at_work, ids = unpack(KEYS)
local id, how, mention = ARGV[1], ARGV[2], ARGV[6]
if redis.call('EXISTS', inbox, seen, history, quoted, at_work) == 0 then
  return {'none', {}, {}, {}}
end
local quoting = how == 'stop' and {} or redis.call('SUNION', quoted, at_work)
if redis.call('EXISTS', inbox, seen, history) == 0 then
  return {'none', {}, {}, quoting}
end
-- What can't be read breaks it off before anything is changed.
local turns = {}
if how ~= 'stop' and redis.call('SISMEMBER', quoted, ARGV[7]) == 1 then
  for _, record in ipairs(redis.call('LRANGE', history, 0, -1)) do
    if string.find(record, mention, 1, true) then
      turns[#turns + 1] = record
    end
  end
elseif how ~= 'stop' then
  local place = place_of(history, ids, id)
  turns[1] = place and redis.call('LINDEX', history, place) or nil
end
local running = redis.call('HMGET', state, 'current', 'about', 'interruption')
local answering = running[1] and running[2] == id
if running[1] and how ~= 'stop' then
  -- What it quotes is in no record yet.
  redis.call('RPUSH', requoted, id, ARGV[4])
  redis.call('EXPIRE', requoted, ARGV[5])
end
local found, changed = 'none', false
if how == 'quote' then
  found = 'none' -- what was meant for others since its edit stays the question that it was
elseif how == 'revise' then
  local request = redis.call('HGET', messages, id)
  if request and running[3] ~= 'withdraw' then
    local readable, decoded = pcall(cjson.decode, request)
    local message = readable and type(decoded) == 'table' and decoded['message']
    if type(message) == 'table' and (message['text'] == ARGV[10] or message['text'] == ARGV[11]) then
      found = 'same'
    elseif running[1] == id then
      redis.call('HSET', messages, id, ARGV[3])
      redis.call('HSET', state, 'interruption', how)
      found, changed = 'running', true
    else
      redis.call('HSET', messages, id, ARGV[3])
      found, changed = 'waiting', true
    end
  end
else
  if answering then
    if how == 'withdraw' or not running[3] then
      redis.call('HSET', state, 'interruption', how)
    end
    found, changed = 'running', true
  end
  if how == 'withdraw' then
    -- What comes late is not taken any more.
    redis.call('ZADD', seen, redis.call('TIME')[1], id)
    redis.call('EXPIRE', seen, ARGV[5])
    -- An edit of it waits under a name of its own.
    local waiting = redis.call('HGETALL', messages)
    for index = 1, #waiting, 2 do
      local name = waiting[index]
      local readable, decoded = pcall(cjson.decode, waiting[index + 1])
      local message = readable and type(decoded) == 'table' and decoded['message']
      local about = type(message) == 'table' and message['id']
      if name ~= running[1] and (name == id or about == id) then
        redis.call('HDEL', messages, name)
        redis.call('ZREM', inbox, name)
        found, changed = answering and found or 'waiting', true
      end
    end
  end
end
if changed then
  local version = add(state, 'version', 1)
  redis.call('PUBLISH', ARGV[8], ARGV[9] .. version .. ']')
end
local requests = {}
if how ~= 'stop' then
  local waiting = redis.call('HGETALL', messages)
  for index = 1, #waiting, 2 do
    if string.find(waiting[index + 1], mention, 1, true) then
      requests[#requests + 1] = waiting[index]
      requests[#requests + 1] = waiting[index + 1]
    end
  end
end
return {found, turns, requests, quoting}
