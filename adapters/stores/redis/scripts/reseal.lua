-- Put another text in place of one, unless it has changed: 1 where it had not.
-- KEYS: where it stands
-- ARGV: the field of a hash ('': it is no hash), the field in which the new one is to stand, the text as it was, the new one
local key, field, place, before, after = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local kind = redis.call('TYPE', key)['ok']
if kind == 'hash' and redis.call('HGET', key, field) == before then
  if field == place then
    redis.call('HSET', key, field, after)
  else
    -- What was set meanwhile stands there.
    redis.call('HSETNX', key, place, after)
    redis.call('HDEL', key, field)
  end
elseif kind == 'list' and redis.call('LPOS', key, before) then
  redis.call('LSET', key, redis.call('LPOS', key, before), after)
elseif kind == 'string' and redis.call('GET', key) == before then
  redis.call('SET', key, after, 'KEEPTTL')
elseif kind == 'zset' and redis.call('ZSCORE', key, before) then
  redis.call('ZADD', key, redis.call('ZSCORE', key, before), after)
  redis.call('ZREM', key, before)
else
  return 0
end
return 1
