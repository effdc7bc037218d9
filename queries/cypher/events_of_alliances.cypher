// name: events_of_alliances
// params: ids
// meaning: Events that involve some alliances.
// returns: alliance (id), e (Node)
MATCH (e:Event)-[r:INVOLVES]->(a:Alliance)
WHERE a.id IN $ids
RETURN a.id AS alliance, e
