-- One turn of a conversation: its record, its question's id, the texts of its files ('' for none), and how many
-- stand before it.
-- KEYS: history, ids, files, where it is kept in which conversation the message stands
-- ARGV: the id of its question or of a message that shows its answer; '' for the latest
-- Gives an empty list where there is none.
local history, ids, files, id = KEYS[1], KEYS[2], KEYS[3], ARGV[1]
local place
if id == '' then
  place = count_turns(history, ids) - 1
  place = place >= 0 and place
else
  place = place_of(history, ids, id)
end
if not place and id ~= '' then
  local readable, kept = pcall(cjson.decode, redis.call('GET', KEYS[4]) or '')
  local question = readable and type(kept) == 'table' and kept['question']
  if type(question) == 'string' then
    place = place_of(history, ids, question)
  elseif readable then
    -- As another version keeps it.
    local shows = cjson.encode(id)
    for index, record in ipairs(redis.call('LRANGE', history, 0, -1)) do
      place = string.find(record, shows, 1, true) and index - 1 or place
    end
  end
end
if not place then
  return {}
end
return {
  redis.call('LINDEX', history, place),
  redis.call('LINDEX', ids, place),
  redis.call('HGET', files, redis.call('LINDEX', ids, place)) or '',
  place,
}
