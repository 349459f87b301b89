-- Take the turns away that were asked before a time; how many these were.
-- KEYS: history, ids, files
-- ARGV: the time, in seconds since 1970
return remove_turns_before(KEYS[1], KEYS[2], KEYS[3], tonumber(ARGV[1]))
