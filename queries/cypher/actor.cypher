// name: actor
// params: id
// meaning: One firm, person or network with all its properties.
// returns: x (Node)
MATCH (x:Firm|Person|Network {id: $id})
RETURN x
