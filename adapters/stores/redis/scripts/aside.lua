-- Set a record aside that can't be read: 1, or 0 where it is not there any more.
-- KEYS: where it goes; a turn: its history, ids, files, state; a request: messages, inbox, state, lease; else
--       the hash
-- ARGV: 'turn', 'request' or another kind, the turn's line or the name in the hash, seconds to
--       keep it for, the record as it was read: other bytes stand there for those that are no UTF-8
local aside, kind, what = KEYS[1], ARGV[1], ARGV[2]
if kind == 'turn' then
  -- A line that is no UTF-8 is read with other bytes in place of those that are none.
  local function ascii(text)
    return (string.gsub(text, '[\128-\255]', ''))
  end
  local place = redis.call('LPOS', KEYS[2], what)
  if not place then
    for index, line in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
      place = ascii(line) == ascii(what) and index - 1 or place
    end
  end
  if not place then
    return 0
  end
  remove_turn(KEYS[2], KEYS[3], KEYS[4], place)
  rewrite(KEYS[5])
elseif redis.call('HDEL', KEYS[2], what) == 0 then
  return 0
end
if kind == 'request' then
  redis.call('ZREM', KEYS[3], what)
  if redis.call('HGET', KEYS[4], 'current') == what then
    redis.call('HDEL', KEYS[4], 'current', 'about', 'text', 'replies', 'ended', 'account', 'interruption',
      'begun', 'failures')
    redis.call('DEL', KEYS[5])
  end
end
redis.call('RPUSH', aside, ARGV[4])
redis.call('EXPIRE', aside, ARGV[3])
return 1
