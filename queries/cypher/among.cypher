// name: among
// params: ids
// meaning: Direct facts among some actors.
// returns: one, r (Edge), other
MATCH (a:Firm|Person)-[r:KNOWS|WORKS_FOR|SITS_ON_BOARD_OF|OWNS|ACQUIRED|COMPETES_WITH]->(b:Firm|Person)
WHERE a.id IN $ids
WITH a, r, b
WHERE b.id IN $ids
RETURN a.id AS one, r, b.id AS other
