// name: corrections
// params:
// meaning: Corrections by hand, standing or not.
// returns: s (Node)
MATCH (s:Statement)
WHERE s.kind = 'correction'
RETURN s
