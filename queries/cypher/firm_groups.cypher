// name: firm_groups
// params:
// meaning: What firms are grouped by: country and place in the industry.
// returns: firm (id), country, actor_type
MATCH (x:Firm)
WHERE x.country IS NOT NULL OR x.actor_type IS NOT NULL
RETURN x.id AS firm, x.country AS country, x.actor_type AS actor_type
