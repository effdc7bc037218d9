// name: member_count
// params: id
// meaning: Number of members of a network, however many facts say so.
// returns: total (int)
MATCH (x:Network {id: $id})<-[r:MEMBER_OF]-(y)
RETURN count(DISTINCT y.id) AS total
