// name: people_of_alliances
// params: ids
// meaning: Who champions and who manages some alliances.
// returns: alliance (id), r (Edge), y (Node)
MATCH (y:Person)-[r:CHAMPIONS|MANAGES]->(a:Alliance)
WHERE a.id IN $ids
RETURN a.id AS alliance, r, y
