// name: events_of_firms
// params: ids
// meaning: Events that some firms are the focus or the subject of, or that run through them.
// returns: firm (id), r (Edge), e (Node)
MATCH (e:Event)-[r:INVOLVES]->(f:Firm)
WHERE f.id IN $ids AND r.role IN ['focal', 'subject', 'through']
RETURN f.id AS firm, r, e
