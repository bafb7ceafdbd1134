/*
about = "Every ticket that counts is in fct_tickets, and nothing else is."
grain = ["system", "ticket_id"]
partition = "created_date"
severity = "error"

[inputs]
core_tickets = "same"
fct_tickets = "same"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR ticket at fault"
created_date = "DATE local date of its creation"
problem = "VARCHAR what is wrong"
*/
SELECT
    c.system AS system,
    c.ticket_id AS ticket_id,
    c.created_date AS created_date,
    'counted, but not in fct_tickets' AS problem
FROM core_tickets AS c
LEFT JOIN fct_tickets AS f ON c.system = f.system AND c.ticket_id = f.ticket_id
WHERE c.is_counted AND f.created_epoch IS NULL

UNION ALL

SELECT
    f.system AS system,
    f.ticket_id AS ticket_id,
    f.created_date AS created_date,
    'in fct_tickets, but does not count' AS problem
FROM fct_tickets AS f
LEFT JOIN core_tickets AS c ON f.system = c.system AND f.ticket_id = c.ticket_id
WHERE COALESCE(c.is_counted, FALSE) = FALSE
