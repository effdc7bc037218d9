// name: firms_like
// params: countries, actor_types
// meaning: Firms by country and actor type; an empty list leaves that open.
// returns: id, segments
MATCH (f:Firm)
WHERE (size($countries) = 0 OR f.country IN $countries)
  AND (size($actor_types) = 0 OR f.actor_type IN $actor_types)
RETURN f.id AS id, f.segments AS segments
