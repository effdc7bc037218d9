// name: firms_meeting
// params: countries, cities, size_classes, actor_types, limit
// meaning: Firms of some country, city, size class and actor type; an empty list means any.
// returns: x (Node)
MATCH (x:Firm)
WHERE (size($countries) = 0 OR toLower(x.country) IN $countries)
  AND (size($cities) = 0 OR toLower(x.city) IN $cities)
  AND (size($actor_types) = 0 OR x.actor_type IN $actor_types)
  AND (size($size_classes) = 0 OR x.size_class IN $size_classes OR x.size_class IS NULL)
RETURN x
ORDER BY x.id
LIMIT $limit
