-- Drop a request that nobody is at work on: 1 when it is gone, 0 while somebody holds it.
-- KEYS: inbox, messages, lease, state
-- ARGV: id, whether it is dropped whoever holds it (0 or 1)
local inbox, messages, lease, state = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id = ARGV[1]
if redis.call('HEXISTS', messages, id) == 0 then
  return 1
end
local current = redis.call('HGET', state, 'current') == id
if current and ARGV[2] == '0' and redis.call('EXISTS', lease) == 1 then
  return 0
end
redis.call('ZREM', inbox, id)
redis.call('HDEL', messages, id)
if current then
  redis.call('HDEL', state, 'current', 'about', 'text', 'replies', 'ended', 'account', 'interruption', 'begun',
    'failures')
  redis.call('DEL', lease)
end
return 1
