/*
about = "The systems that export returns at all: in any other, no return does not mean that nothing came back."
grain = ["system"]
partition = "none"
not_null = ["system"]

[inputs]
core_return_routes = "all"

[columns]
system = "VARCHAR name space of the ids"
*/
SELECT system
FROM core_return_routes
GROUP BY system
