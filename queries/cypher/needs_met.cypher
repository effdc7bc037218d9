// name: needs_met
// params: id
// meaning: What a firm needs, and which firms offer it.
// returns: capability, name, need (Edge), firm, offer (Edge)
MATCH (f:Firm)-[n:NEEDS]->(c:Capability)
WHERE f.id = $id
MATCH (x:Firm)-[o:OFFERS]->(c)
WHERE x.id <> $id
RETURN c.id AS capability, c.name AS name, n AS need, x.id AS firm, o AS offer
