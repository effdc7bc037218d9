// name: facts_of_one_body
// params: one, other
// meaning: What puts the first of two into networks and alliances to which the second belongs too.
// returns: a (id), r (Edge), b (id)
MATCH (a:Firm|Person)-[r:PARTY_TO|MEMBER_OF|CHAMPIONS|MANAGES]->(b:Alliance|Network)
WHERE a.id = $one
  AND EXISTS { MATCH (b)<-[s:PARTY_TO|MEMBER_OF|CHAMPIONS|MANAGES]-(c:Firm|Person) WHERE c.id = $other }
RETURN a.id AS a, r, b.id AS b
