// name: parties_in_short
// params: ids
// meaning: All parties of some alliances, with what most questions need of them; few long rows.
// returns: alliance (id), parties: id of the fact, of the firm, role, source, 'told' if it says more
MATCH (a:Alliance)<-[r:PARTY_TO]-(y:Firm)
WHERE a.id IN $ids
RETURN a.id AS alliance, collect([
         r.id, y.id, coalesce(r.role, ''), coalesce(r.source, ''),
         CASE WHEN r.contributes IS NOT NULL OR r.value_sought IS NOT NULL
                   OR r.value_appropriated IS NOT NULL OR r.share_of_sales IS NOT NULL
                   OR r.alternatives IS NOT NULL OR r.alternatives_level IS NOT NULL
                   OR r.investment IS NOT NULL THEN 'told' ELSE '' END]) AS parties
