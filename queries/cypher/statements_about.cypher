// name: statements_about
// params: about
// meaning: What is on record about a node or fact, by its ids, beside what it holds itself.
// returns: s (Node)
MATCH (s:Statement)
WHERE s.about IN $about
RETURN s
