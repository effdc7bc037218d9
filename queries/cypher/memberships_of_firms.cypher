// name: memberships_of_firms
// params: ids
// meaning: Networks to which some firms belong.
// returns: firm (id), r (Edge), network (Node)
MATCH (x:Firm)-[r:MEMBER_OF]->(n:Network)
WHERE x.id IN $ids
RETURN x.id AS firm, r, n AS network
