-- Move an entry of the index to a new time, or remove it ('' for the time), unless somebody moved it since.
-- KEYS: index
-- ARGV: member, the time that was seen, the new time
local seen = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not seen or tonumber(seen) ~= tonumber(ARGV[2]) then
  return 0
end
if ARGV[3] == '' then
  redis.call('ZREM', KEYS[1], ARGV[1])
else
  redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
end
return 1
