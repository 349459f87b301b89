-- Put another record in place of a turn's, or take it away ('' for the new one): 1, or 0 where it is not there.
-- KEYS: history, ids, files, state
-- ARGV: the record as it was, the new one, its question's id, the texts of its files ('': as they are), where
--       changes are published, this change
local history, ids, files, state = unpack(KEYS)
local place = redis.call('LPOS', history, ARGV[1])
if not place then
  return 0
end
if ARGV[2] == '' then
  remove_turn(history, ids, files, place)
else
  redis.call('LSET', history, place, ARGV[2])
  if ARGV[4] ~= '' then
    redis.call('HSET', files, ARGV[3], ARGV[4])
    keep_as_long(history, files)
  end
end
rewrite(state)
local version = add(state, 'version', 1)
redis.call('PUBLISH', ARGV[5], ARGV[6] .. version .. ']')
return 1
