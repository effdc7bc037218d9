// name: largest_networks
// params: limit
// meaning: The networks with the most members.
// returns: id, name, members (int)
MATCH (x:Network)<-[r:MEMBER_OF]-(y)
RETURN x.id AS id, x.name AS name, count(DISTINCT y.id) AS members
ORDER BY members DESC, id
LIMIT $limit
