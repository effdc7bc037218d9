// name: alliances_of
// params: ids
// meaning: Alliances to which some firms are party.
// returns: firm (id), r (Edge), alliance (Node)
MATCH (x:Firm)-[r:PARTY_TO]->(a:Alliance)
WHERE x.id IN $ids
RETURN x.id AS firm, r, a AS alliance
