// name: members
// params: id, limit
// meaning: Members of a network in the order of their names, at most `limit`.
// returns: r (Edge), y (Node)
MATCH (x:Network {id: $id})<-[r:MEMBER_OF]-(y:Firm|Person)
RETURN r, y
ORDER BY y.name, y.id, r.id
LIMIT $limit
