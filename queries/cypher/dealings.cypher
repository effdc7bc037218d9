// name: dealings
// params:
// meaning: Dated dealings on record within each alliance: events that involve it.
// returns: alliance, date, recorded_at
MATCH (e:Event)-[r:INVOLVES]->(a:Alliance)
RETURN a.id AS alliance, e.date AS date, e.recorded_at AS recorded_at
