-- Keep a text that an answer is written under: 1, or 0 where its author was forgotten since the claim.
-- KEYS: texts, text_ages, forgotten
-- ARGV: digest, the text's record, its author's pseudonym, the time, seconds to keep texts for
if redis.call('SISMEMBER', KEYS[3], ARGV[3]) == 1 then
  return 0
end
redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[5])
redis.call('EXPIRE', KEYS[2], ARGV[5])
return 1
