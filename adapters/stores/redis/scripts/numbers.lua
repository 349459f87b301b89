-- Before each of the scripts: the whole numbers in hashes. What is none counts as 0 and goes, as it would stop
-- every script that counts on from it, for ever.
local function whole(hash, field)
  local value = redis.call('HGET', hash, field)
  if value and (#value > 16 or not string.match(value, '^%-?%d+$')) then
    redis.call('HDEL', hash, field)
    return 0
  end
  return tonumber(value or 0)
end

local function add(hash, field, more)
  whole(hash, field)
  return redis.call('HINCRBY', hash, field, more)
end

