// name: segments
// params:
// meaning: Firms with their core business, where it is recorded.
// returns: firm (id), segments
MATCH (x:Firm)
WHERE x.segments IS NOT NULL
RETURN x.id AS firm, x.segments AS segments
