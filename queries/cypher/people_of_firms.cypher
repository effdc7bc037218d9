// name: people_of_firms
// params: ids
// meaning: People who work or worked for some firms, or sit or sat on their boards.
// returns: firm (id), r (Edge), person (Node)
MATCH (p:Person)-[r:WORKS_FOR|SITS_ON_BOARD_OF]->(x:Firm)
WHERE x.id IN $ids
RETURN x.id AS firm, r, p AS person
