/*
about = """
What the subjects of experiments did: their orders, ratings and solved tickets of a month, kept in the month of their assignment. Orders
and tickets count from the assignment on, for experiment_window_days; of a ticket that is itself the subject, only what became of it."""
grain = ["experiment_id", "subject", "event_month"]
partition = "assigned_date"
scatter = true
settings = ["experiment_window_days"]
not_null = ["experiment_id", "subject", "event_month", "assigned_date", "orders", "csat_answers", "csat_good", "fcr_tickets", "fcr_solved"]

[inputs]
fct_orders = "same"
fct_tickets = "same"
fct_ticket_solves = "same"
fct_first_contact = "same"
experiment_subjects = "-2..1"

[columns]
experiment_id = "VARCHAR experiment"
subject = "VARCHAR hash of the customer, or system and id of the ticket"
event_month = "VARCHAR month of the orders and tickets, YYYY-MM"
assigned_date = "DATE local date of the subject's first assignment"
orders = "BIGINT counted orders of the subject's customer in the window"
csat_answers = "BIGINT ratings given to tickets: of the customer in the window, or of the ticket itself"
csat_good = "BIGINT of them, good"
fcr_tickets = "BIGINT tickets solved, in the window or the ticket itself, of which it is known whether at first contact"
fcr_solved = "BIGINT of them, solved at first contact"
*/
WITH solved AS (
    SELECT
        f.system AS system,
        f.ticket_id AS ticket_id,
        f.solved_date AS solved_date,
        t.solved_epoch AS solved_epoch,
        t.customer_hash AS customer_hash,
        CASE WHEN f.is_first_contact THEN 1 ELSE 0 END AS is_solved_at_once
    FROM fct_first_contact AS f
    INNER JOIN fct_ticket_solves AS t
        ON t.system = f.system
        AND t.ticket_id = f.ticket_id
    WHERE f.is_first_contact IS NOT NULL
),
events AS (
    SELECT
        s.experiment_id AS experiment_id,
        s.subject AS subject,
        s.assigned_date AS assigned_date,
        SUBSTR(CAST(o.created_date AS VARCHAR), 1, 7) AS event_month,
        1 AS orders,
        0 AS csat_answers,
        0 AS csat_good,
        0 AS fcr_tickets,
        0 AS fcr_solved
    FROM fct_orders AS o
    INNER JOIN experiment_subjects AS s
        ON s.customer_hash = o.customer_hash
    CROSS JOIN settings AS w
    WHERE o.is_counted
        AND o.created_epoch >= s.assigned_epoch
        AND o.created_epoch < s.assigned_epoch + w.experiment_window_days * 86400
    UNION ALL
    SELECT
        s.experiment_id AS experiment_id,
        s.subject AS subject,
        s.assigned_date AS assigned_date,
        SUBSTR(CAST(t.created_date AS VARCHAR), 1, 7) AS event_month,
        0 AS orders,
        1 AS csat_answers,
        CASE WHEN t.csat_label = 'good' THEN 1 ELSE 0 END AS csat_good,
        0 AS fcr_tickets,
        0 AS fcr_solved
    FROM fct_tickets AS t
    INNER JOIN experiment_subjects AS s
        ON s.customer_hash = t.customer_hash
    CROSS JOIN settings AS w
    WHERE s.subject_kind = 'customer'
        AND t.csat_label IS NOT NULL
        AND t.created_epoch >= s.assigned_epoch
        AND t.created_epoch < s.assigned_epoch + w.experiment_window_days * 86400
    UNION ALL
    SELECT
        s.experiment_id AS experiment_id,
        s.subject AS subject,
        s.assigned_date AS assigned_date,
        SUBSTR(CAST(t.created_date AS VARCHAR), 1, 7) AS event_month,
        0 AS orders,
        1 AS csat_answers,
        CASE WHEN t.csat_label = 'good' THEN 1 ELSE 0 END AS csat_good,
        0 AS fcr_tickets,
        0 AS fcr_solved
    FROM fct_tickets AS t
    INNER JOIN experiment_subjects AS s
        ON s.ticket_system = t.system
        AND s.ticket_id = t.ticket_id
    WHERE t.csat_label IS NOT NULL
    UNION ALL
    SELECT
        s.experiment_id AS experiment_id,
        s.subject AS subject,
        s.assigned_date AS assigned_date,
        SUBSTR(CAST(x.solved_date AS VARCHAR), 1, 7) AS event_month,
        0 AS orders,
        0 AS csat_answers,
        0 AS csat_good,
        1 AS fcr_tickets,
        x.is_solved_at_once AS fcr_solved
    FROM solved AS x
    INNER JOIN experiment_subjects AS s
        ON s.customer_hash = x.customer_hash
    CROSS JOIN settings AS w
    WHERE s.subject_kind = 'customer'
        AND x.solved_epoch >= s.assigned_epoch
        AND x.solved_epoch < s.assigned_epoch + w.experiment_window_days * 86400
    UNION ALL
    SELECT
        s.experiment_id AS experiment_id,
        s.subject AS subject,
        s.assigned_date AS assigned_date,
        SUBSTR(CAST(x.solved_date AS VARCHAR), 1, 7) AS event_month,
        0 AS orders,
        0 AS csat_answers,
        0 AS csat_good,
        1 AS fcr_tickets,
        x.is_solved_at_once AS fcr_solved
    FROM solved AS x
    INNER JOIN experiment_subjects AS s
        ON s.ticket_system = x.system
        AND s.ticket_id = x.ticket_id
)
SELECT
    experiment_id,
    subject,
    event_month,
    assigned_date,
    CAST(SUM(orders) AS BIGINT) AS orders,
    CAST(SUM(csat_answers) AS BIGINT) AS csat_answers,
    CAST(SUM(csat_good) AS BIGINT) AS csat_good,
    CAST(SUM(fcr_tickets) AS BIGINT) AS fcr_tickets,
    CAST(SUM(fcr_solved) AS BIGINT) AS fcr_solved
FROM events
GROUP BY experiment_id, subject, event_month, assigned_date
