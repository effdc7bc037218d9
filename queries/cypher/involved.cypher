// name: involved
// params: ids
// meaning: Whom and what some events involve.
// returns: event (id), r (Edge), y (Node)
MATCH (e:Event)-[r:INVOLVES]->(y)
WHERE e.id IN $ids
RETURN e.id AS event, r, y
