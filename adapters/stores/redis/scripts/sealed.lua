-- Note that all is sealed with a key, unless some process seals with another: the other keys are not needed any
-- more. 1 where that is so.
-- KEYS: seals
-- ARGV: the key's id, seconds for which a sign counts, what is noted
local now, known = tonumber(redis.call('TIME')[1]), redis.call('HGETALL', KEYS[1])
for index = 1, #known, 2 do
  local at, using = string.match(known[index + 1], '^(%d+) (%S*) ')
  if at and tonumber(at) + tonumber(ARGV[2]) >= now and using ~= ARGV[1] then
    return 0
  end
end
for index = 1, #known, 2 do
  local id = string.match(known[index], '^key:(.*)$')
  if id and id ~= ARGV[1] then
    redis.call('HDEL', KEYS[1], known[index])
  end
end
redis.call('HSET', KEYS[1], 'whole', ARGV[3])
return 1
