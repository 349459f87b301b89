-- Note who was forgotten, where something is being worked on: it brings nothing of theirs back then.
-- KEYS: state, forgotten
-- ARGV: seconds to keep it for, their pseudonyms
if redis.call('HEXISTS', KEYS[1], 'current') == 1 then
  redis.call('SADD', KEYS[2], unpack(ARGV, 2))
  redis.call('EXPIRE', KEYS[2], ARGV[1])
end
return 1
