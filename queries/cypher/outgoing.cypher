// name: outgoing
// params: ids
// meaning: Every fact that starts at some actors, with the node on its other end.
// returns: actor (id), r (Edge), y (Node)
MATCH (x:Firm|Person|Network)-[r]->(y)
WHERE x.id IN $ids
RETURN x.id AS actor, r, y
