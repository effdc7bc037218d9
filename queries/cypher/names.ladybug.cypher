// name: names
// params:
// meaning: Everything that has a name and can be searched for.
// returns: id, name, aliases; from Neo4j a thousand in a row, each column a list
MATCH (x:Firm|Person|Network|Alliance|Capability|Place)
RETURN x.id AS id, x.name AS name, x.aliases AS aliases
