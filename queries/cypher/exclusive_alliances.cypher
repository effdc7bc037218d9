// name: exclusive_alliances
// params: ids
// meaning: Alliances of some firms that bind a party to this partner alone.
// returns: alliance (Node)
MATCH (x:Firm)-[r:PARTY_TO]->(a:Alliance)
WHERE x.id IN $ids AND a.exclusive = true
RETURN DISTINCT a AS alliance
