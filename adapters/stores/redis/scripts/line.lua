-- The line for the model: so many answers at once over all processes, in turns between people.
-- KEYS: placed, waiting (by turn), signs (when each ticket is over), tickets (turn and person of each),
--       turns (each person's latest; 'now': the one that is let in; 'next': a number for who comes)
-- ARGV: 'join', 'sign' or 'leave', places, milliseconds that a ticket holds without a sign, how many may wait
--       (0: any number), where it is published who is let in; then of each ticket: its id, its person, and '1'
--       where its process knows that it has a place
-- Gives of each ticket how many wait before it: -1 where it has a place, -2 where it is not in the line.
local placed, waiting, signs, tickets, turns = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local how, places, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local function leave(ticket)
  local turn, person = string.match(redis.call('HGET', tickets, ticket) or '', '^(%d+) (.*)$')
  -- Whose last one has had its place comes back as somebody new.
  if redis.call('ZREM', placed, ticket) == 1 and redis.call('HGET', turns, 'of ' .. (person or '')) == turn then
    redis.call('HDEL', turns, 'of ' .. (person or ''))
  end
  redis.call('ZREM', waiting, ticket)
  redis.call('ZREM', signs, ticket)
  redis.call('HDEL', tickets, ticket)
end

local function join(ticket, person, has_place)
  local current = whole(turns, 'now')
  local latest = redis.call('HEXISTS', turns, 'of ' .. person) == 1 and whole(turns, 'of ' .. person) or -1
  local turn = math.max(current, latest + 1)
  redis.call('HSET', turns, 'of ' .. person, turn)
  redis.call('HSET', tickets, ticket, string.format('%d %s', turn, person))
  if has_place then
    redis.call('ZADD', placed, 0, ticket)
  else
    redis.call('ZADD', waiting, turn * 2147483648 + add(turns, 'next', 1) % 2147483648, ticket)
  end
end

for _, ticket in ipairs(redis.call('ZRANGEBYSCORE', signs, '-inf', now)) do
  leave(ticket)
end
local own = {}
for index = 6, #ARGV, 3 do
  local ticket = ARGV[index]
  own[ticket] = how ~= 'leave'
  if how == 'leave' then
    leave(ticket)
  else
    local there = redis.call('HEXISTS', tickets, ticket) == 1
    local full = how == 'join' and not there and most > 0 and redis.call('ZCARD', waiting) >= most
    if not there and not full then
      join(ticket, ARGV[index + 1], ARGV[index + 2] == '1')
    end
    if not full then
      redis.call('ZADD', signs, now + tonumber(ARGV[3]), ticket)
    end
  end
end
while redis.call('ZCARD', placed) < places do
  local ticket = redis.call('ZRANGE', waiting, 0, 0)[1]
  if not ticket then
    break
  end
  redis.call('ZREM', waiting, ticket)
  redis.call('ZADD', placed, 0, ticket)
  local turn = string.match(redis.call('HGET', tickets, ticket) or '', '^(%d+)')
  redis.call('HSET', turns, 'now', turn or 0)
  if not own[ticket] then
    redis.call('PUBLISH', ARGV[5], cjson.encode({'', '', '', false, '', 0, ticket}))
  end
end
if redis.call('ZCARD', placed) == 0 then
  redis.call('DEL', turns)
end
for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, 10 * tonumber(ARGV[3]))
end
local before = {}
for index = 6, #ARGV, 3 do
  if redis.call('ZSCORE', placed, ARGV[index]) then
    before[#before + 1] = -1
  else
    before[#before + 1] = redis.call('ZRANK', waiting, ARGV[index]) or -2
  end
end
return before
