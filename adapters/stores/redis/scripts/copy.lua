-- What keys hold, all at one moment.
-- KEYS: the keys, of one slot
-- ARGV: the number of one of them: where one before it is there, nothing is given
-- Gives for each that is there: its number, its type, when it goes by itself (milliseconds since 1970, '' for
-- never), and what it holds as a flat list
for number = 1, tonumber(ARGV[1]) - 1 do
  if redis.call('EXISTS', KEYS[number]) == 1 then
    return {}
  end
end
local read = {
  string = {'GET'},
  list = {'LRANGE', 0, -1},
  hash = {'HGETALL'},
  set = {'SMEMBERS'},
  zset = {'ZRANGE', 0, -1, 'WITHSCORES'},
}
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local held = {}
for number, key in ipairs(KEYS) do
  local kind = redis.call('TYPE', key)['ok']
  local how = read[kind]
  if how then
    local left = redis.call('PTTL', key)
    local value = redis.call(how[1], key, unpack(how, 2))
    if kind == 'string' then
      value = {value}
    end
    held[#held + 1] = {number, kind, left < 0 and '' or string.format('%.0f', now + left), value}
  end
end
return held
