// name: incoming
// params: id
// meaning: Every fact that ends at a firm or person, with the node on its other end.
// returns: r (Edge), y (Node)
MATCH (x:Firm|Person {id: $id})<-[r]-(y)
RETURN r, y
