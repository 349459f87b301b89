-- Keep what has been shown, and renew the lease (or give it back, where its time is 0).
-- KEYS: lease, state
-- ARGV: fence, id, text, replies, lease in milliseconds, where changes are published, this change
-- Gives 'lost', or what the holder was told meanwhile ('' for nothing).
local lease, state = KEYS[1], KEYS[2]
local holder = redis.call('HMGET', state, 'fence', 'current', 'interruption')
if holder[1] ~= ARGV[1] or holder[2] ~= ARGV[2] then
  return 'lost'
end
redis.call('HSET', state, 'text', ARGV[3], 'replies', ARGV[4])
redis.call('PUBLISH', ARGV[6], ARGV[7])
if ARGV[5] == '0' then
  redis.call('DEL', lease)
else
  redis.call('SET', lease, ARGV[1], 'PX', ARGV[5])
end
return holder[3] or ''
