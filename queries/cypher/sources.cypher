// name: sources
// params:
// meaning: Every source that is loaded.
// returns: x (Node)
MATCH (x:Source)
RETURN x
