// name: past_of_people
// params: ids
// meaning: Firms for which some people work or worked or on whose boards they sit, and places of theirs.
// returns: person (id), r (Edge), y (Node)
MATCH (p:Person)-[r:WORKS_FOR|SITS_ON_BOARD_OF|LOCATED_IN]->(y:Firm|Place)
WHERE p.id IN $ids
RETURN p.id AS person, r, y
