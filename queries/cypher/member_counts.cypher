// name: member_counts
// params: ids
// meaning: Numbers of members of some networks, however many facts say so.
// returns: network (id), total (int)
MATCH (x:Network)<-[r:MEMBER_OF]-(y)
WHERE x.id IN $ids
RETURN x.id AS network, count(DISTINCT y.id) AS total
