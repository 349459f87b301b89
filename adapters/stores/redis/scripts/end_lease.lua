-- End the lease of a conversation where its holder is a process that has died: 1 where that was so.
-- KEYS: lease
-- ARGV: the processes
local holder = redis.call('GET', KEYS[1])
local process = holder and string.match(holder, '^%d+:(.+)$')
for _, dead in ipairs(ARGV) do
  if process == dead then
    return redis.call('DEL', KEYS[1])
  end
end
return 0
