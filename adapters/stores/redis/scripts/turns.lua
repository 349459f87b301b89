-- Before each of the scripts: the turns of a conversation. `history` has their records, oldest first, and `ids`
-- the ids of their questions in the same order: by these one is found and changed without the others being
-- read. The texts of their files lie in `files`, by the same ids.
local function id_of(record)
  local id = string.match(record, '^{"message":"(.-)","person":"')
  if id and string.find(id, '\\', 1, true) then
    local readable, decoded = pcall(cjson.decode, '"' .. id .. '"')
    return readable and decoded or ''
  end
  return id or ''
end

local function keep_as_long(history, key)
  local left = redis.call('PTTL', history)
  if left > 0 then
    redis.call('PEXPIRE', key, left)
  end
end

-- How many there are. The ids are made anew where they do not fit: other versions keep none.
local function count_turns(history, ids)
  local count = redis.call('LLEN', history)
  if count == redis.call('LLEN', ids)
    and (count == 0 or id_of(redis.call('LINDEX', history, -1)) == redis.call('LINDEX', ids, -1)) then
    return count
  end
  redis.call('DEL', ids)
  for _, record in ipairs(redis.call('LRANGE', history, 0, -1)) do
    redis.call('RPUSH', ids, id_of(record))
  end
  keep_as_long(history, ids)
  return count
end

-- Where it stands, from 0; false where it does not.
local function place_of(history, ids, id)
  count_turns(history, ids)
  local place = redis.call('LPOS', ids, id)
  if place and id_of(redis.call('LINDEX', history, place)) ~= id then
    redis.call('DEL', ids)
    count_turns(history, ids)
    place = redis.call('LPOS', ids, id)
  end
  return place
end

local function remove_turn(history, ids, files, place)
  count_turns(history, ids)
  redis.call('HDEL', files, redis.call('LINDEX', ids, place))
  for _, list in ipairs({history, ids}) do
    redis.call('LSET', list, place, '\0')
    redis.call('LREM', list, 1, '\0')
  end
end

-- Take those away that were asked before a time (seconds since 1970); how many these were.
local function remove_turns_before(history, ids, files, time)
  local function asked_at(record)
    local readable, decoded = pcall(cjson.decode, record)
    return readable and type(decoded) == 'table' and tonumber(decoded['asked_at'])
  end
  local removed, oldest = 0, redis.call('LINDEX', history, 0)
  while oldest and (asked_at(oldest) or math.huge) < time do
    remove_turn(history, ids, files, 0)
    removed, oldest = removed + 1, redis.call('LINDEX', history, 0)
  end
  return removed
end

-- Say that turns are not what they were, by a number that is never given twice.
local function rewrite(state)
  local clock = redis.call('TIME')
  local stamp = string.format('%d.%06d', clock[1], clock[2])
  redis.call('HSET', state, 'turns', stamp)
  return stamp
end

-- The newest turns at the places from `first` on and before `last` of which the model is told no more than `room`
-- bytes: their records, newest first, and a flat list of the ids of those with files and the texts of these.
local function newest_turns(history, ids, files, first, last, room)
  local records, texts, has_files = {}, {}, redis.call('EXISTS', files) == 1
  while last > first do
    local from = math.max(first, last - 32)
    local chunk = redis.call('LRANGE', history, from, last - 1)
    for index = #chunk, 1, -1 do
      local told = string.match(string.sub(chunk[index], -48), '"told":(%d+),"format":%d+}$')
      room = room - tonumber(told or #chunk[index])
      if room < 0 then
        return records, texts
      end
      records[#records + 1] = chunk[index]
      local id = has_files and redis.call('LINDEX', ids, from + index - 1)
      local text = id and redis.call('HGET', files, id)
      if text then
        texts[#texts + 1] = id
        texts[#texts + 1] = text
      end
    end
    last = from
  end
  return records, texts
end

