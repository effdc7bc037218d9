// name: parties_of_firm
// params: actor, bodies
// meaning: As memberships_of, of one firm in alliances: it begins at the firm.
// returns: actor, r (Edge), body
MATCH (a:Firm)-[r:PARTY_TO]->(b:Alliance)
WHERE a.id = $actor
WITH a, r, b
WHERE b.id IN $bodies
RETURN a.id AS actor, r, b.id AS body
