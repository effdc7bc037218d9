// name: firms_with_alliances
// params:
// meaning: Firms that are party to an alliance.
// returns: id
MATCH (f:Firm)-[:PARTY_TO]->(a:Alliance)
RETURN DISTINCT f.id AS id
