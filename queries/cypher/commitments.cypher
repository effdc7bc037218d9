// name: commitments
// params: ids
// meaning: What commits some firms to their alliances: investment, equity, exclusivity, a champion.
// returns: firm (id), r (Edge), alliance (Node), champion (Edge or null)
MATCH (x:Firm)-[r:PARTY_TO]->(a:Alliance)
WHERE x.id IN $ids
OPTIONAL MATCH (p:Person)-[c:CHAMPIONS]->(a)
WITH x, r, a, c
WHERE r.investment IS NOT NULL OR a.governance = 'equity' OR a.exclusive = true OR c IS NOT NULL
RETURN x.id AS firm, r, a AS alliance, c AS champion
