// name: changes
// params:
// meaning: What nodes and facts held before they changed on record, and until when.
// returns: about (id), of (label or type), said (JSON), until, source
MATCH (s:Statement)
WHERE s.kind = 'before'
RETURN s.about AS about, s.of AS of, s.said AS said, s.recorded_until AS until, s.source AS source
