// name: takeovers
// params:
// meaning: Every takeover on record.
// returns: acquirer (id), r (Edge), y (Node)
MATCH (x:Firm)-[r:ACQUIRED]->(y:Firm)
RETURN x.id AS acquirer, r, y
