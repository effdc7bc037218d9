// name: acquisitions
// params: ids
// meaning: Whom some firms took over.
// returns: acquirer (id), r (Edge), y (Node)
MATCH (x:Firm)-[r:ACQUIRED]->(y:Firm)
WHERE x.id IN $ids
RETURN x.id AS acquirer, r, y
