// name: owners
// params: ids
// meaning: Who owns or acquired some firms, in part or whole.
// returns: firm (id), r (Edge), y (Node)
MATCH (y:Firm)-[r:OWNS|ACQUIRED]->(x:Firm)
WHERE x.id IN $ids
RETURN x.id AS firm, r, y
