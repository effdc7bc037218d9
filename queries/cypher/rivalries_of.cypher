// name: rivalries_of
// params: ids
// meaning: Whom some firms compete with.
// returns: one (id), r (Edge), y (Node)
MATCH (x:Firm)-[r:COMPETES_WITH]-(y:Firm)
WHERE x.id IN $ids
RETURN x.id AS one, r, y
