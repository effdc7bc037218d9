// name: firm_attributes
// params:
// meaning: What firms can be grouped by.
// returns: id, country, city, actor_type, size_class, employees, segments
MATCH (f:Firm)
RETURN f.id AS id, f.country AS country, f.city AS city, f.actor_type AS actor_type,
       f.size_class AS size_class, f.employees AS employees, f.segments AS segments
