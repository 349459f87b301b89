-- Keep what has been shown, and renew the lease; or give it back, where `how` is no beat.
-- KEYS: lease, state
-- ARGV: fence, id, 'beat', 'release' or 'failed', lease in milliseconds, text, replies ('': all
--       stays as it was kept), ended, account, where changes are published, this change, the process
-- Gives 'lost', 'gone' where the store has lost the conversation, or what the holder was told meanwhile ('' for
-- nothing); for 'failed' the milliseconds until it can be claimed again.
local lease, state, how = KEYS[1], KEYS[2], ARGV[3]
local holder = redis.call('HMGET', state, 'fence', 'current', 'interruption')
if not holder[1] then
  return 'gone'
end
if holder[1] ~= ARGV[1] or holder[2] ~= ARGV[2] then
  return 'lost'
end
if ARGV[6] ~= '' then
  redis.call('HSET', state, 'text', ARGV[5], 'replies', ARGV[6], 'ended', ARGV[7], 'account', ARGV[8])
end
local version = add(state, 'version', 1)
redis.call('PUBLISH', ARGV[9], ARGV[10] .. version .. ']')
if how == 'beat' then
  local time = redis.call('TIME')
  redis.call('HSET', state, 'sign', time[1] * 1000 + math.floor(time[2] / 1000))
  redis.call('SET', lease, ARGV[1] .. ':' .. ARGV[11], 'PX', ARGV[4])
  return holder[3] or ''
end
add(state, 'begun', -1)
redis.call('DEL', lease)
redis.call('HDEL', state, 'sign')
if how == 'failed' then
  -- Two, eight, thirty-two seconds; from the third failure on it only has to be ended.
  local failures = add(state, 'failures', 1)
  if failures >= 3 then
    return 0
  end
  local pause = math.floor(500 * 4 ^ failures)
  redis.call('SET', lease, 'pause', 'PX', pause)
  return pause
end
return holder[3] or ''
