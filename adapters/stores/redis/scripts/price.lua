-- Count a question of a person, once for each event: {milliseconds until one may be asked, 0 or 1: the event is
-- known}. 0 milliseconds: it may be asked now.
-- KEYS: what was spent and what was refused (events, by milliseconds since 1970: when; until when)
-- ARGV: event, questions, in so many milliseconds
local spent, refused, event, length = KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
-- An event comes again within minutes, if it does.
local known = math.max(length, 3600000)
if redis.call('ZSCORE', spent, event) then
  return {0, 1}
end
local until_then = redis.call('ZSCORE', refused, event)
if until_then then
  return {math.max(1, until_then - now), 1}
end
local asked = redis.call('ZRANGEBYSCORE', spent, string.format('(%.0f', now - length), '+inf', 'WITHSCORES')
local questions, count = tonumber(ARGV[2]), #asked / 2
-- The first write is one that a full server refuses: nothing is counted then.
local function note(events, at)
  redis.call('ZADD', events, string.format('%.0f', at), event)
  redis.call('ZREMRANGEBYSCORE', spent, '-inf', now - known)
  redis.call('ZREMRANGEBYSCORE', refused, '-inf', now - known)
end
if count >= questions then
  local opens = tonumber(asked[2 * (count - questions) + 2]) + length
  note(refused, opens)
  redis.call('PEXPIRE', refused, 2 * known)
  return {math.max(1, opens - now), 0}
end
note(spent, now)
redis.call('PEXPIRE', spent, known)
return {0, 0}
