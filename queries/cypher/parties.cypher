// name: parties
// params: ids
// meaning: All parties of some alliances.
// returns: alliance (id), r (Edge), firm (id), name
MATCH (a:Alliance)<-[r:PARTY_TO]-(y:Firm)
WHERE a.id IN $ids
RETURN a.id AS alliance, r, y.id AS firm, y.name AS name
