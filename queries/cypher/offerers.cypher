// name: offerers
// params: ids
// meaning: Which firms offer some capabilities.
// returns: capability (id), firm (id), recorded_at
MATCH (f:Firm)-[r:OFFERS]->(c:Capability)
WHERE c.id IN $ids
RETURN c.id AS capability, f.id AS firm, r.recorded_at AS recorded_at
