-- Lease the conversation and give what is to be done next, with all that it needs.
-- KEYS: inbox, messages, lease, state, history, settings, heard
-- ARGV: lease in milliseconds, seconds to keep the state for
-- Gives an empty list, or: request, fence, epoch, text, replies, history, settings (a flat list), heard,
-- interruption
local inbox, messages, lease, state = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
if redis.call('EXISTS', lease) == 1 then
  return {}
end
-- What was begun goes first, though something older may have arrived since.
local id = redis.call('HGET', state, 'current') or redis.call('ZRANGE', inbox, 0, 0)[1]
local request = id and redis.call('HGET', messages, id)
while id and not request do
  redis.call('ZREM', inbox, id)
  redis.call('HDEL', state, 'current', 'about', 'text', 'replies', 'interruption')
  id = redis.call('ZRANGE', inbox, 0, 0)[1]
  request = id and redis.call('HGET', messages, id)
end
if not id then
  return {}
end
local fence = redis.call('HINCRBY', state, 'fence', 1)
redis.call('HSET', state, 'current', id, 'about', cjson.decode(request)['message']['id'])
if redis.call('HGET', state, 'interruption') == 'revise' then
  -- The new text is what was just read.
  redis.call('HDEL', state, 'interruption', 'text')
end
redis.call('EXPIRE', state, ARGV[2])
redis.call('SET', lease, fence, 'PX', ARGV[1])
return {
  request,
  fence,
  tonumber(redis.call('HGET', state, 'epoch') or 0),
  redis.call('HGET', state, 'text') or '',
  redis.call('HGET', state, 'replies') or '[]',
  redis.call('LRANGE', KEYS[5], 0, -1),
  redis.call('HGETALL', KEYS[6]),
  redis.call('LRANGE', KEYS[7], 0, -1),
  redis.call('HGET', state, 'interruption') or '',
}
