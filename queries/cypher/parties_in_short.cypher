// name: parties_in_short
// params: ids
// meaning: All parties of some alliances, with what most questions need of them.
// returns: alliance (id), fact (id), firm (id), role, source, told (whether it says more)
MATCH (a:Alliance)<-[r:PARTY_TO]-(y:Firm)
WHERE a.id IN $ids
RETURN a.id AS alliance, r.id AS fact, y.id AS firm, r.role AS role, r.source AS source,
       (r.contributes IS NOT NULL OR r.value_sought IS NOT NULL OR r.value_appropriated IS NOT NULL
        OR r.share_of_sales IS NOT NULL OR r.alternatives IS NOT NULL
        OR r.alternatives_level IS NOT NULL OR r.investment IS NOT NULL) AS told
