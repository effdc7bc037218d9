// name: alliance_people
// params:
// meaning: People who champion or manage an alliance.
// returns: person, r (Edge), alliance
MATCH (p:Person)-[r:CHAMPIONS|MANAGES]->(a:Alliance)
RETURN p.id AS person, r, a.id AS alliance
