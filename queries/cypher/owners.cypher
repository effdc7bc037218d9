// name: owners
// params: ids
// meaning: Who owns a part of some firms, or took them over.
// returns: owned (id), r (Edge), y (Node)
MATCH (y:Firm)-[r:ACQUIRED|OWNS]->(x:Firm)
WHERE x.id IN $ids
RETURN x.id AS owned, r, y
