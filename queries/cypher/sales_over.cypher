// name: sales_over
// params: id
// meaning: Parts of a firm's sales that run over alliances, with the other parties of each.
// returns: alliance (Node), own (Edge), firm
MATCH (f:Firm)-[r:PARTY_TO]->(a:Alliance)
WHERE f.id = $id AND r.share_of_sales IS NOT NULL
MATCH (x:Firm)-[:PARTY_TO]->(a)
WHERE x.id <> $id
RETURN a AS alliance, r AS own, x.id AS firm
