-- Give back what a holder has.
-- KEYS: signs (until when each holder's last one counts), holders (of each name)
-- ARGV: the holder, the names; none: it leaves, so all it has is free, and it has no part any more
if #ARGV == 1 then
  redis.call('ZREM', KEYS[1], ARGV[1])
end
for index = 2, #ARGV do
  if redis.call('HGET', KEYS[2], ARGV[index]) == ARGV[1] then
    redis.call('HDEL', KEYS[2], ARGV[index])
  end
end
return 1
