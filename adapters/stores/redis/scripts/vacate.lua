-- Take a conversation away in which nothing is left: its place among the sessions, and all of it where it is
-- private, unless something waits there. 1 where all of it is gone.
-- KEYS: sessions, settings, texts, text_ages, at_work, inbox, history, and all parts of the conversation
-- ARGV: the conversation's name, whether it is private (0 or 1)
if redis.call('EXISTS', KEYS[7]) == 1 then
  return 0
end
redis.call('ZREM', KEYS[1], ARGV[1])
if ARGV[2] == '0' or redis.call('EXISTS', KEYS[6]) == 1 then
  return 0
end
redis.call('DEL', unpack(KEYS, 8))
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('DEL', KEYS[2], KEYS[3], KEYS[4], KEYS[5])
end
return 1
