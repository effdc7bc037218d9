// name: alliance_in_short
// params: id
// meaning: What kind an alliance is of, and when it held.
// returns: body (id), kind, start, end
MATCH (b:Alliance)
WHERE b.id = $id
RETURN b.id AS body, b.kind AS kind, b.start AS start, b.`end` AS `end`
