// name: taking_part
// params: parties_of_firm, members_of_firm, members_of_person, alliances_of_person
// meaning: Facts that put actors into alliances or networks, by pairs of ids, and when those alliances held. DISTINCT: else Neo4j walks along all ties of one end.
// returns: actor, r (Edge), body, kind, start, end
UNWIND $parties_of_firm AS pair
MATCH (a:Firm {id: pair[0]})
MATCH (b:Alliance {id: pair[1]})
WITH DISTINCT a, b
MATCH (a)-[r:PARTY_TO]->(b)
RETURN a.id AS actor, r, b.id AS body, b.kind AS kind, b.start AS start, b.`end` AS `end`
UNION ALL
UNWIND $members_of_firm AS pair
MATCH (a:Firm {id: pair[0]})
MATCH (b:Network {id: pair[1]})
WITH DISTINCT a, b
MATCH (a)-[r:MEMBER_OF]->(b)
RETURN a.id AS actor, r, b.id AS body, b.kind AS kind, b.start AS start, b.`end` AS `end`
UNION ALL
UNWIND $members_of_person AS pair
MATCH (a:Person {id: pair[0]})
MATCH (b:Network {id: pair[1]})
WITH DISTINCT a, b
MATCH (a)-[r:MEMBER_OF]->(b)
RETURN a.id AS actor, r, b.id AS body, b.kind AS kind, b.start AS start, b.`end` AS `end`
UNION ALL
UNWIND $alliances_of_person AS pair
MATCH (a:Person {id: pair[0]})
MATCH (b:Alliance {id: pair[1]})
WITH DISTINCT a, b
MATCH (a)-[r:CHAMPIONS|MANAGES]->(b)
RETURN a.id AS actor, r, b.id AS body, b.kind AS kind, b.start AS start, b.`end` AS `end`
