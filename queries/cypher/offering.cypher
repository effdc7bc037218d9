// name: offering
// params: capabilities
// meaning: Which firms offer some capabilities.
// returns: firm, capability, r (Edge)
MATCH (f:Firm)-[r:OFFERS]->(c:Capability)
WHERE c.id IN $capabilities
RETURN f.id AS firm, c.id AS capability, r
