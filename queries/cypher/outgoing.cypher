// name: outgoing
// params: id
// meaning: Every fact that starts at an actor, with the node on its other end.
// returns: r (Edge), y (Node)
MATCH (x:Firm|Person|Network {id: $id})-[r]->(y)
RETURN r, y
