// name: alliances_among
// params: ids
// meaning: Alliances with at least two parties among some firms.
// returns: one, other, alliance (Node)
MATCH (a:Firm)-[:PARTY_TO]->(x:Alliance)<-[:PARTY_TO]-(b:Firm)
WHERE a.id IN $ids AND b.id IN $ids AND a.id < b.id
RETURN DISTINCT a.id AS one, b.id AS other, x AS alliance
