// name: statements_about
// params: about
// meaning: What is on record about a node or fact beside what it holds itself.
// returns: s (Node)
MATCH (s:Statement)
WHERE s.about = $about
RETURN s
