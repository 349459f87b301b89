-- Put a conversation that the store has lost back as far as its holder knows it, unless somebody has claimed it.
-- KEYS: inbox, messages, seen, state
-- ARGV: fence, id, its time, request, the question's id, epoch, seconds to know ids for, seconds to keep it for
if redis.call('HEXISTS', KEYS[4], 'fence') == 1 then
  return 0
end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])
redis.call('ZADD', KEYS[3], redis.call('TIME')[1], ARGV[2])
redis.call('HSET', KEYS[4], 'fence', ARGV[1], 'current', ARGV[2], 'about', ARGV[5], 'epoch', ARGV[6], 'begun', 1)
redis.call('EXPIRE', KEYS[3], ARGV[7])
for _, key in ipairs({KEYS[1], KEYS[2], KEYS[4]}) do
  redis.call('EXPIRE', key, ARGV[8])
end
return 1
