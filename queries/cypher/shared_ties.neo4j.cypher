// name: shared_ties
// params:
// meaning: Who takes part in what: parties of alliances and members of networks, with validity.
// returns: actor, body, since, until, recorded_at, confidence; from Neo4j a row for each body, with a list of the others and dates as text: a quarter of the driver's time
MATCH (b:Alliance)
RETURN b.id AS body, [(b)<-[r:PARTY_TO]-(a:Firm) |
  [a.id, toString(b.start), toString(b.`end`), toString(r.recorded_at), r.confidence]] AS inside
UNION ALL
MATCH (b:Network)
RETURN b.id AS body, [(b)<-[r:MEMBER_OF]-(a:Firm|Person) |
  [a.id, toString(r.since), toString(r.until), toString(r.recorded_at), r.confidence]] AS inside
