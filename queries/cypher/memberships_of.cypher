// name: memberships_of
// params: actors, bodies
// meaning: Facts that put some actors into some alliances or networks.
// returns: actor, r (Edge), body (Node)
MATCH (a:Firm|Person)-[r:PARTY_TO|MEMBER_OF|CHAMPIONS|MANAGES]->(b:Alliance|Network)
WHERE a.id IN $actors AND b.id IN $bodies
RETURN a.id AS actor, r, b AS body
