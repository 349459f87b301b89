-- Lease the conversation and give what is to be done next, with all that it needs.
-- KEYS: inbox, messages, lease, state, history, settings, personal settings, requoted, at_work, ids,
--       files, texts
-- ARGV: lease in milliseconds, seconds to keep the state for, the conversation where it may quote (or ''), how
--       many bytes of turns at most, what is known of them here (their number, the latest one's id; or '', ''),
--       digests of texts, and which settings are personal
-- Gives an empty list, or: id, request, fence, epoch, turns, settings (a flat list), those of who asks
-- (likewise), and of the state:
-- text, replies, ended, account, interruption, failures, how often it was begun without an end, when the
-- conversation was reset (seconds since 1970), its dividers; and what is kept under those digests (a flat list)
-- and the milliseconds since the last sign of whoever had begun it and gave nothing back ('' where nobody had).
-- The turns are: the number that they have until one is changed, how many stand before the request's question,
-- 0 or 1: those that are known here are left out, their records newest first in one text with '\0' between them
-- (a client reads one text sooner than many), the texts of their files (a flat list by ids); and of the turn
-- that it is about, where it is about one, its record and the texts of its files
local inbox, messages, lease, state = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
-- One that never ends is nobody's.
if redis.call('PTTL', lease) >= 0 then
  return {}
end
-- What was begun goes first, though something older may have arrived since.
local begun = redis.call('HGET', state, 'current')
local id = begun or redis.call('ZRANGE', inbox, 0, 0)[1]
local request = id and redis.call('HGET', messages, id)
while id and not request do
  redis.call('ZREM', inbox, id)
  redis.call('HDEL', state, 'current', 'about', 'text', 'replies', 'ended', 'account', 'interruption',
    'begun', 'failures')
  id = redis.call('ZRANGE', inbox, 0, 0)[1]
  request = id and redis.call('HGET', messages, id)
end
if not id then
  return {}
end
-- What can't be read breaks it off before anything is changed.
local settings = redis.call('HGETALL', KEYS[6])
local readable, decoded = pcall(cjson.decode, request)
local message = readable and type(decoded) == 'table' and decoded['message']
local person = type(message) == 'table' and decoded['person']
local about = type(message) == 'table' and type(message['id']) == 'string' and message['id'] or ''
local personal = {}
if type(person) == 'string' then
  for number = 8, #ARGV do
    local name = ARGV[number] .. ':' .. person
    local value = redis.call('HGET', KEYS[7], name)
    if value then
      personal[#personal + 1] = name
      personal[#personal + 1] = value
    end
  end
end
local history, ids, files = KEYS[5], KEYS[10], KEYS[11]
local first, last, of_request = 0, count_turns(history, ids), {}
local anew = type(message) == 'table' and decoded['work'] ~= 'answer' and decoded['work'] ~= 'command'
local place = anew and place_of(history, ids, about)
local stamp = redis.call('HGET', state, 'turns')
if place then
  last = place
  of_request = {redis.call('LINDEX', history, place), redis.call('HGET', files, about) or ''}
elseif stamp and stamp == ARGV[5] then
  local known = redis.call('LPOS', ids, ARGV[6], 'RANK', -1)
  first = known and known + 1 or 0
end
local records, texts = newest_turns(history, ids, files, first, last, tonumber(ARGV[4]))
local kept = {}
for digest in string.gmatch(ARGV[7], '%S+') do
  kept[#kept + 1] = digest
  kept[#kept + 1] = redis.call('HGET', KEYS[12], digest) or ''
end
local turns = {stamp or rewrite(state), last, first > 0 and 1 or 0, table.concat(records, '\0'), texts,
  of_request}
if id ~= begun then
  redis.call('DEL', KEYS[8])
end
if ARGV[3] ~= '' then
  redis.call('SADD', KEYS[9], ARGV[3])
  redis.call('EXPIRE', KEYS[9], ARGV[2])
end
-- A number that nobody else is given, though a fail-over may have lost the last one that was.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local sign = tonumber(begun and redis.call('HGET', state, 'sign') or false)
local fence = math.max(whole(state, 'fence') + 1, clock[1] * 1000000 + clock[2])
redis.call('HSET', state, 'fence', string.format('%.0f', fence))
redis.call('HSET', state, 'current', id, 'about', about, 'sign', now)
local told = redis.call('HGET', state, 'interruption')
if told == 'revise' then
  -- The new text is what was just read.
  redis.call('HDEL', state, 'interruption', 'text', 'ended', 'account')
elseif told ~= 'stop' and told ~= 'withdraw' then
  redis.call('HDEL', state, 'interruption')
end
local before = add(state, 'begun', 1) - 1
redis.call('EXPIRE', state, ARGV[2])
redis.call('SET', lease, string.format('%.0f', fence), 'PX', ARGV[1])
local of = redis.call('HMGET', state, 'text', 'replies', 'ended', 'account', 'interruption', 'reset_at', 'dividers')
return {
  id,
  request,
  fence,
  whole(state, 'epoch'),
  turns,
  settings,
  personal,
  of[1] or '',
  of[2] or '',
  of[3] or '',
  of[4] or '',
  of[5] or '',
  whole(state, 'failures'),
  before,
  string.match(of[6] or '', '^%d+%.%d+$') or '0',
  of[7] or '',
  kept,
  sign and math.max(0, now - sign) or '',
}
