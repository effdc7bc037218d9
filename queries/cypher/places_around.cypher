// name: places_around
// params: ids
// meaning: The larger places in which some places lie.
// returns: part (id), r (Edge), y (Node)
MATCH (x:Place)-[r:PART_OF]->(y:Place)
WHERE x.id IN $ids
RETURN x.id AS part, r, y
