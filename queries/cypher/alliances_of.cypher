// name: alliances_of
// params: ids
// meaning: Which alliances some firms are party to, with their dates.
// returns: firm (id), alliance (id), since, until, recorded_at
MATCH (f:Firm)-[r:PARTY_TO]->(a:Alliance)
WHERE f.id IN $ids
RETURN f.id AS firm, a.id AS alliance, a.start AS since, a.`end` AS until,
       r.recorded_at AS recorded_at
