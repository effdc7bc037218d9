// name: people_of_alliances
// params: ids
// meaning: Who champions or manages some alliances.
// returns: alliance (id), r (Edge), y (Node)
MATCH (a:Alliance)<-[r:CHAMPIONS|MANAGES]-(y:Person)
WHERE a.id IN $ids
RETURN a.id AS alliance, r, y
