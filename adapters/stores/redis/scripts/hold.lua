-- Give a sign of one holder, and let it have its part of what there is.
-- KEYS: signs (until when each holder's last one counts), holders (of each name)
-- ARGV: the holder, milliseconds that a sign counts, the most that it wants, '1' where it has no more than its
--       part, how many names there are, how many of the first ones it has used until now, the names; then the
--       processes that have died
-- Gives the names that it may use.
local signs, holders, holder = KEYS[1], KEYS[2], ARGV[1]
local most, names, used = tonumber(ARGV[3]), tonumber(ARGV[5]), tonumber(ARGV[6])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local gone = {}
for index = 7 + names, #ARGV do
  gone[ARGV[index]] = true
end
for _, each in ipairs(redis.call('ZRANGE', signs, 0, -1)) do
  if gone[string.match(each, '^(.*):')] then
    redis.call('ZREM', signs, each)
  end
end
redis.call('ZREMRANGEBYSCORE', signs, '-inf', now)
-- Where it has lost its sign, so have others, or all of them, as after a flush: none takes what another uses.
local lost = used > 0 and not redis.call('ZSCORE', signs, holder)
redis.call('ZADD', signs, now + tonumber(ARGV[2]), holder)

local of, count = {}, {}
local held = redis.call('HGETALL', holders)
for index = 1, #held, 2 do
  local name, whose = held[index], held[index + 1]
  if redis.call('ZSCORE', signs, whose) then
    of[name], count[whose] = whose, (count[whose] or 0) + 1
  else
    redis.call('HDEL', holders, name)
  end
end

if lost then
  names = used
elseif ARGV[4] == '1' then
  -- What is left over when all have as many goes to those who have one more already.
  local processes = redis.call('ZCARD', signs)
  local part, left = math.floor(names / processes), names % processes
  for whose, number in pairs(count) do
    if whose ~= holder and number > part then
      left = left - 1
    end
  end
  most = math.min(most, left > 0 and part + 1 or part)
end

local usable = {}
for _, wanted in ipairs({holder, false}) do
  for index = 7, 6 + names do
    local name = ARGV[index]
    if #usable < most and (of[name] or false) == wanted then
      usable[#usable + 1] = name
      redis.call('HSET', holders, name, holder)
    end
  end
end
for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, 10 * tonumber(ARGV[2]))
end
return usable
