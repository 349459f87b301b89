-- Set a record aside that can't be read: 1, or 0 where it is not there any more.
-- KEYS: where it goes; a turn: its history; a setting: the settings; a request: messages, inbox, state, lease
-- ARGV: 'turn', 'setting' or 'request', the turn's line or the name of the setting or request, seconds to
--       keep it for
local aside, kind, what = KEYS[1], ARGV[1], ARGV[2]
local record = what
if kind == 'turn' then
  if redis.call('LREM', KEYS[2], 1, what) == 0 then
    return 0
  end
else
  record = redis.call('HGET', KEYS[2], what)
  if not record then
    return 0
  end
  redis.call('HDEL', KEYS[2], what)
end
if kind == 'request' then
  redis.call('ZREM', KEYS[3], what)
  if redis.call('HGET', KEYS[4], 'current') == what then
    redis.call('HDEL', KEYS[4], 'current', 'about', 'text', 'replies', 'ended', 'account', 'interruption',
      'begun', 'failures')
    redis.call('DEL', KEYS[5])
  end
end
redis.call('RPUSH', aside, record)
redis.call('EXPIRE', aside, ARGV[3])
return 1
