// name: snapshots
// params: source
// meaning: Days of which a source was loaded whole.
// returns: day
MATCH (s:Statement)
WHERE s.kind = 'snapshot' AND s.about = $source
RETURN s.recorded_at AS day
