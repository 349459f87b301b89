-- What all processes say of themselves.
-- KEYS: signs, states
-- Gives of each its name, its state, and the milliseconds since its last sign.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local processes = {}
for _, process in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local state = redis.call('HGET', KEYS[2], process)
  if state then
    processes[#processes + 1] = {process, state, now - redis.call('ZSCORE', KEYS[1], process)}
  end
end
return processes
