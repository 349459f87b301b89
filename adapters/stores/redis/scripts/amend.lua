-- Put another record in place of one, or take it away ('' for the new one): 1, or 0 where it is not there.
-- KEYS: a list
-- ARGV: the record as it was, the new one, where changes are published, this change ('' to say nothing)
local function tell()
  if ARGV[4] ~= '' then
    redis.call('PUBLISH', ARGV[3], ARGV[4])
  end
end
if ARGV[2] == '' then
  tell()
  return math.min(1, redis.call('LREM', KEYS[1], 1, ARGV[1]))
end
for index, record in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  if record == ARGV[1] then
    redis.call('LSET', KEYS[1], index - 1, ARGV[2])
    tell()
    return 1
  end
end
return 0
