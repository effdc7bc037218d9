// name: alliances_of_person
// params: actor, bodies
// meaning: As memberships_of, of one person who runs alliances: it begins at the person.
// returns: actor, r (Edge), body
MATCH (a:Person)-[r:CHAMPIONS|MANAGES]->(b:Alliance)
WHERE a.id = $actor
WITH a, r, b
WHERE b.id IN $bodies
RETURN a.id AS actor, r, b.id AS body
