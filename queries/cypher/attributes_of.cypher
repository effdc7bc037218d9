// name: attributes_of
// params: ids
// meaning: What some firms are counted by.
// returns: id, name, country, city, actor_type, size_class, employees, source
MATCH (f:Firm)
WHERE f.id IN $ids
RETURN f.id AS id, f.name AS name, f.country AS country, f.city AS city,
       f.actor_type AS actor_type, f.size_class AS size_class, f.employees AS employees,
       f.source AS source
