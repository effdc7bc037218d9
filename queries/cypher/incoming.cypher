// name: incoming
// params: ids
// meaning: Every fact that ends at some firms or people, with the node on its other end.
// returns: actor (id), r (Edge), y (Node)
MATCH (x:Firm|Person)<-[r]-(y)
WHERE x.id IN $ids
RETURN x.id AS actor, r, y
