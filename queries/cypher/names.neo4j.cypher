// name: names
// params:
// meaning: Everything that has a name and can be searched for.
// returns: id, name, aliases; from Neo4j a thousand in a row, each column a list
MATCH (x:Firm|Person|Network|Alliance|Capability|Place)
WITH collect(x) AS found UNWIND range(0, size(found) - 1, 1000) AS n WITH found[n..n + 1000] AS some
RETURN [x IN some | x.id] AS id, [x IN some | x.name] AS name, [x IN some | x.aliases] AS aliases
