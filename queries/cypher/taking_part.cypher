// name: taking_part
// params: actors, bodies
// meaning: Facts that put some actors into some alliances or networks, and when those alliances held.
// returns: actor, r (Edge), body, kind, start, end
MATCH (a:Firm|Person)-[r:PARTY_TO|MEMBER_OF|CHAMPIONS|MANAGES]->(b:Alliance|Network)
WHERE a.id IN $actors AND b.id IN $bodies
RETURN a.id AS actor, r, b.id AS body, b.kind AS kind, b.start AS start, b.`end` AS `end`
