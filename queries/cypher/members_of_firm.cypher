// name: members_of_firm
// params: actor, bodies
// meaning: As memberships_of, of one firm in networks: it begins at the firm.
// returns: actor, r (Edge), body
MATCH (a:Firm)-[r:MEMBER_OF]->(b:Network)
WHERE a.id = $actor
WITH a, r, b
WHERE b.id IN $bodies
RETURN a.id AS actor, r, b.id AS body
