-- Agree on the format that is written: the newest that every process at work can read. It only grows.
-- KEYS: formats (the format, and the sign of each process: the newest that it reads, and when it said so)
-- ARGV: process, the newest format that it reads, the oldest, seconds for which a sign counts
-- Gives the format; one outside of what this process reads stays as it is, and its sign is not taken.
local newest, now = tonumber(ARGV[2]), tonumber(redis.call('TIME')[1])
local format = tonumber(redis.call('HGET', KEYS[1], 'format') or false)
if format and (format > newest or format < tonumber(ARGV[3])) then
  return format
end
redis.call('HSET', KEYS[1], ARGV[1], newest .. ' ' .. now)
local signs = redis.call('HGETALL', KEYS[1])
for index = 1, #signs, 2 do
  local reads, at = string.match(signs[index + 1], '^(%d+) (%d+)$')
  if reads and tonumber(at) + tonumber(ARGV[4]) < now then
    redis.call('HDEL', KEYS[1], signs[index])
  elseif reads then
    newest = math.min(newest, tonumber(reads))
  end
end
format = math.max(format or newest, newest)
redis.call('HSET', KEYS[1], 'format', format)
return format
