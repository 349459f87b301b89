-- Put another record in place of a field's, where it still is as it was: 1, or 0 where it is not.
-- KEYS: a hash
-- ARGV: the field, its record as it was, the new one
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
