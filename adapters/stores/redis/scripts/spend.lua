-- Book a call in a sliding window, unless it is full: 0, or the milliseconds until a place opens.
-- KEYS: window (the times of its calls in milliseconds, oldest first)
-- ARGV: places, the window's length in milliseconds
local window, places, length = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local oldest = redis.call('LINDEX', window, 0)
while oldest and oldest + length <= now do
  redis.call('LPOP', window)
  oldest = redis.call('LINDEX', window, 0)
end
local booked = redis.call('LLEN', window)
if booked >= places then
  return math.max(1, redis.call('LINDEX', window, booked - places) + length - now)
end
redis.call('RPUSH', window, string.format('%.0f', now))
redis.call('PEXPIRE', window, length)
return 0
