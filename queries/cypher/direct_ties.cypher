// name: direct_ties
// params:
// meaning: Ties that join two actors without anything between them.
// returns: one, r (Edge), other
MATCH (a:Firm|Person)-[r:KNOWS|WORKS_FOR|SITS_ON_BOARD_OF|OWNS|ACQUIRED]->(b:Firm|Person)
RETURN a.id AS one, r, b.id AS other
