// name: network_members
// params: ids
// meaning: Firms that belong to some networks.
// returns: firm (id), network (id), r (Edge)
MATCH (x:Firm)-[r:MEMBER_OF]->(n:Network)
WHERE n.id IN $ids
RETURN x.id AS firm, n.id AS network, r
