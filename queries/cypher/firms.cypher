// name: firms
// params: ids
// meaning: Some firms with all their properties.
// returns: x (Node)
MATCH (x:Firm)
WHERE x.id IN $ids
RETURN x
