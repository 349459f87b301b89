-- Agree on the key that seals: of a process's own, the first that every process at work can open with.
-- KEYS: seals (the `id` of each key that something may be sealed with, as 'key:ID'; the sign of each process: when
--       it said so, the key that it seals with, those that it has; 'whole': with what all is sealed)
-- ARGV: process, seconds for which a sign counts, whether it seals (0 or 1), how many of the keys that follow are
--       lost, their ids, the ids of its own
-- Gives the id, with what all is sealed ('' where that is not so), and the ids that something may be sealed with and that it
-- does not have: where there are such, nothing is changed.
local seals, now, lost = KEYS[1], tonumber(redis.call('TIME')[1]), tonumber(ARGV[4])
local known, own, missing, shared = redis.call('HGETALL', seals), {}, {}, {}
for index = 5, #ARGV do
  own[ARGV[index]] = true
end
for index = 1, #known, 2 do
  local id = string.match(known[index], '^key:(.*)$')
  if id and not own[id] then
    missing[#missing + 1] = id
  end
end
if #missing > 0 then
  return {'', '', missing}
end
for index = 1, #known, 2 do
  local at, _, theirs = string.match(known[index + 1], '^(%d+) (%S*) (.*)$')
  if at and tonumber(at) + tonumber(ARGV[2]) < now then
    redis.call('HDEL', seals, known[index])
  elseif at and known[index] ~= ARGV[1] then
    shared[#shared + 1] = ' ' .. theirs .. ' '
  end
end
local using = ARGV[5 + lost]
for index = 5 + lost, #ARGV do
  local everybody = true
  for _, theirs in ipairs(shared) do
    everybody = everybody and string.find(theirs, ' ' .. ARGV[index] .. ' ', 1, true)
  end
  if everybody then
    using = ARGV[index]
    break
  end
end
local seals_with = ARGV[3] == '1' and using or ''
if seals_with ~= '' then
  redis.call('HSET', seals, 'key:' .. using, '1')
end
redis.call('HSET', seals, ARGV[1], now .. ' ' .. seals_with .. ' ' .. table.concat(ARGV, ' ', 5 + lost))
return {using, redis.call('HGET', seals, 'whole') or '', {}}
