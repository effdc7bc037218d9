// name: member_count
// params: id
// meaning: Number of membership facts of a network.
// returns: total (int)
MATCH (x:Network {id: $id})<-[r:MEMBER_OF]-(y)
RETURN count(r) AS total
