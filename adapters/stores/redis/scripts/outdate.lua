-- Take the texts away that no turn can refer to any more; how many these were.
-- KEYS: texts, text_ages
-- ARGV: the time (seconds since 1970) before which they were last written under
local outdated = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1])
for _, digest in ipairs(outdated) do
  redis.call('HDEL', KEYS[1], digest)
  redis.call('ZREM', KEYS[2], digest)
end
return #outdated
