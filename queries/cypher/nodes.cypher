// name: nodes
// params: ids
// meaning: Some firms, people, networks and alliances with all their properties.
// returns: x (Node)
MATCH (x:Firm|Person|Network|Alliance)
WHERE x.id IN $ids
RETURN x
