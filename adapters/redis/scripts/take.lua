-- Lease the conversation and give what its next answer needs.
-- KEYS: inbox, messages, lease, state, history, settings
-- ARGV: lease in milliseconds, seconds to keep the state for
-- Gives an empty list, or: message, fence, epoch, text, replies, history, settings (a flat list)
local inbox, messages, lease, state = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
if redis.call('EXISTS', lease) == 1 then
  return {}
end
-- A question whose answer was begun goes first, though an older one may have arrived since.
local id = redis.call('HGET', state, 'current') or redis.call('ZRANGE', inbox, 0, 0)[1]
local message = id and redis.call('HGET', messages, id)
while id and not message do
  redis.call('ZREM', inbox, id)
  redis.call('HDEL', state, 'current', 'text', 'replies')
  id = redis.call('ZRANGE', inbox, 0, 0)[1]
  message = id and redis.call('HGET', messages, id)
end
if not id then
  return {}
end
local fence = redis.call('HINCRBY', state, 'fence', 1)
redis.call('HSET', state, 'current', id)
redis.call('EXPIRE', state, ARGV[2])
redis.call('SET', lease, fence, 'PX', ARGV[1])
return {
  message,
  fence,
  tonumber(redis.call('HGET', state, 'epoch') or 0),
  redis.call('HGET', state, 'text') or '',
  redis.call('HGET', state, 'replies') or '[]',
  redis.call('LRANGE', KEYS[5], 0, -1),
  redis.call('HGETALL', KEYS[6]),
}
