// name: offers
// params:
// meaning: Which firm offers which capability.
// returns: firm (id), r (Edge), capability (id)
MATCH (x:Firm)-[r:OFFERS]->(y:Capability)
RETURN x.id AS firm, r, y.id AS capability
