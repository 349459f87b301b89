-- Put another record in place of one, or take it away ('' for the new one): 1, or 0 where it is not there.
-- KEYS: a history, its state; or a hash, its state
-- ARGV: the record's name in the hash ('' for a list), the record as it was, the new one, where changes are
--       published, this change
local records, name, before, after = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local found = 0
if name ~= '' then
  if redis.call('HGET', records, name) == before then
    redis.call('HSET', records, name, after)
    found = 1
  end
elseif after == '' then
  found = math.min(1, redis.call('LREM', records, 1, before))
else
  for index, record in ipairs(redis.call('LRANGE', records, 0, -1)) do
    if record == before then
      redis.call('LSET', records, index - 1, after)
      found = 1
      break
    end
  end
end
if found == 1 then
  local version = add(KEYS[2], 'version', 1)
  redis.call('PUBLISH', ARGV[4], ARGV[5] .. version .. ']')
end
return found
