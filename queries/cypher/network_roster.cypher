// name: network_roster
// params: id, limit
// meaning: Every fact that makes somebody a member of a network.
// returns: member (id), name, since, until, tier, role, recorded_at, source, fact (id)
MATCH (x:Network {id: $id})<-[r:MEMBER_OF]-(y:Firm|Person)
RETURN y.id AS member, y.name AS name, r.since AS since, r.until AS until, r.tier AS tier,
       r.role AS role, r.recorded_at AS recorded_at, r.source AS source, r.id AS fact
ORDER BY member
LIMIT $limit
