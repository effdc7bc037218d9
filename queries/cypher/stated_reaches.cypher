// name: stated_reaches
// params: ids
// meaning: Alliances of some firms whose source says how far away the partner is, and no more.
// returns: alliance (Node)
MATCH (x:Firm)-[r:PARTY_TO]->(a:Alliance)
WHERE x.id IN $ids AND a.reach IS NOT NULL
RETURN DISTINCT a AS alliance
