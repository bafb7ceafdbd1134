/*
about = """
What service-level targets are measured on, before any target: each wait of a counted ticket, from when to when. A solve
ends the waits for a reply. Waits whose end no source tells have no row."""
grain = ["system", "ticket_id", "metric", "run_number"]
partition = "ticket_created_date"
scatter = false
settings = []
not_null = ["system", "ticket_id", "metric", "run_number", "ticket_created_date", "from_epoch"]

[accepted_values]
metric = ["first_reply", "next_reply", "periodic_update", "requester_wait", "agent_work", "resolution"]

[inputs]
core_tickets = "same"
fct_ticket_messages = "same"
fct_ticket_answers = "same"
fct_ticket_status = "same"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
metric = "VARCHAR first_reply, next_reply, periodic_update, requester_wait, agent_work or resolution"
run_number = "BIGINT place among the ticket's waits of this metric, from 1; gaps are possible"
ticket_created_date = "DATE local date of the ticket's creation"
from_epoch = "BIGINT start, seconds since 1970"
ended_epoch = "BIGINT end, seconds since 1970; NULL while it runs"
*/
WITH talks AS (
    SELECT
        system,
        ticket_id,
        MAX(CASE WHEN is_opening THEN 1 ELSE 0 END) AS has_opening,
        MIN(CASE WHEN author_kind = 'customer' AND is_public THEN sent_epoch END) AS customer_epoch,
        MIN(CASE WHEN is_reply THEN sent_epoch END) AS reply_epoch,
        MAX(CASE WHEN is_reply THEN message_number END) AS last_reply_number
    FROM fct_ticket_messages
    GROUP BY system, ticket_id
),

history AS (
    SELECT system, ticket_id, 1 AS is_known
    FROM fct_ticket_status
    GROUP BY system, ticket_id
),

tickets AS (
    SELECT
        t.system AS system,
        t.ticket_id AS ticket_id,
        t.created_date AS ticket_created_date,
        t.created_epoch AS created_epoch,
        t.status IN ('solved', 'closed') AS is_solved,
        h.is_known AS has_history,
        t.vendor_solved_epoch AS vendor_solved_epoch,
        CASE WHEN m.has_opening = 1 THEN m.customer_epoch ELSE t.created_epoch END AS asked_epoch,
        CASE WHEN m.has_opening IS NULL THEN t.vendor_first_response_epoch ELSE m.reply_epoch END AS reply_epoch,
        m.has_opening IS NOT NULL OR t.vendor_first_response_epoch IS NOT NULL AS has_replies,
        m.last_reply_number AS last_reply_number
    FROM core_tickets AS t
    LEFT JOIN talks AS m ON m.system = t.system AND m.ticket_id = t.ticket_id
    LEFT JOIN history AS h ON h.system = t.system AND h.ticket_id = t.ticket_id
    WHERE t.is_counted
),

solves AS (
    SELECT system, ticket_id, from_epoch AS solve_epoch
    FROM fct_ticket_status
    WHERE is_solve

    UNION ALL

    SELECT system, ticket_id, vendor_solved_epoch AS solve_epoch
    FROM tickets
    WHERE has_history IS NULL AND is_solved AND vendor_solved_epoch IS NOT NULL
),

last_solves AS (
    SELECT system, ticket_id, MAX(solve_epoch) AS solve_epoch
    FROM solves
    GROUP BY system, ticket_id
),

-- A chat may be answered before its ticket exists: that took no time.
first_replies AS (
    SELECT
        system,
        ticket_id,
        'first_reply' AS metric,
        CAST(1 AS BIGINT) AS run_number,
        asked_epoch AS from_epoch,
        CASE WHEN reply_epoch < asked_epoch THEN asked_epoch ELSE reply_epoch END AS reply_epoch
    FROM tickets
    WHERE has_replies AND asked_epoch IS NOT NULL AND (reply_epoch IS NULL OR reply_epoch >= asked_epoch OR asked_epoch = created_epoch)
),

next_replies AS (
    SELECT
        a.system AS system,
        a.ticket_id AS ticket_id,
        'next_reply' AS metric,
        a.answer_number AS run_number,
        a.waiting_since_epoch AS from_epoch,
        a.answered_epoch AS reply_epoch
    FROM fct_ticket_answers AS a
    INNER JOIN fct_ticket_messages AS m ON m.system = a.system AND m.message_id = a.message_id
    WHERE m.reply_number > 1
),

unanswered AS (
    SELECT
        m.system AS system,
        m.ticket_id AS ticket_id,
        'next_reply' AS metric,
        CAST(1000000 AS BIGINT) AS run_number,
        MIN(m.sent_epoch) AS from_epoch,
        CAST(NULL AS BIGINT) AS reply_epoch
    FROM fct_ticket_messages AS m
    INNER JOIN tickets AS t ON t.system = m.system AND t.ticket_id = m.ticket_id
    WHERE m.author_kind = 'customer' AND m.is_public AND m.message_number > t.last_reply_number
    GROUP BY m.system, m.ticket_id
),

replies AS (
    SELECT system, ticket_id, reply_number, reply_number - 1 AS number_before, sent_epoch
    FROM fct_ticket_messages
    WHERE is_reply
),

updates AS (
    SELECT
        r.system AS system,
        r.ticket_id AS ticket_id,
        'periodic_update' AS metric,
        r.reply_number AS run_number,
        r.sent_epoch AS from_epoch,
        n.sent_epoch AS reply_epoch
    FROM replies AS r
    LEFT JOIN replies AS n
        ON n.system = r.system AND n.ticket_id = r.ticket_id AND n.number_before = r.reply_number
),

for_replies AS (
    SELECT * FROM first_replies
    UNION ALL
    SELECT * FROM next_replies
    UNION ALL
    SELECT * FROM unanswered
    UNION ALL
    SELECT * FROM updates
),

solved_during AS (
    SELECT
        r.system AS system,
        r.ticket_id AS ticket_id,
        r.metric AS metric,
        r.run_number AS run_number,
        MIN(s.solve_epoch) AS solve_epoch
    FROM for_replies AS r
    INNER JOIN solves AS s ON s.system = r.system AND s.ticket_id = r.ticket_id
    WHERE s.solve_epoch >= r.from_epoch
    GROUP BY r.system, r.ticket_id, r.metric, r.run_number
),

waits AS (
    SELECT
        r.system AS system,
        r.ticket_id AS ticket_id,
        r.metric AS metric,
        r.run_number AS run_number,
        r.from_epoch AS from_epoch,
        CASE WHEN r.reply_epoch > s.solve_epoch THEN s.solve_epoch ELSE COALESCE(r.reply_epoch, s.solve_epoch) END
            AS ended_epoch
    FROM for_replies AS r
    LEFT JOIN solved_during AS s
        ON s.system = r.system AND s.ticket_id = r.ticket_id AND s.metric = r.metric AND s.run_number = r.run_number

    UNION ALL

    SELECT
        t.system AS system,
        t.ticket_id AS ticket_id,
        k.metric AS metric,
        CAST(1 AS BIGINT) AS run_number,
        t.created_epoch AS from_epoch,
        CASE WHEN t.is_solved THEN s.solve_epoch END AS ended_epoch
    FROM tickets AS t
    CROSS JOIN (VALUES ('requester_wait'), ('agent_work'), ('resolution')) AS k (metric)
    LEFT JOIN last_solves AS s ON s.system = t.system AND s.ticket_id = t.ticket_id
    WHERE k.metric = 'resolution' OR t.has_history = 1
)

-- A reply that solves the ticket promises no further update.
SELECT
    w.system AS system,
    w.ticket_id AS ticket_id,
    w.metric AS metric,
    w.run_number AS run_number,
    t.ticket_created_date AS ticket_created_date,
    w.from_epoch AS from_epoch,
    w.ended_epoch AS ended_epoch
FROM waits AS w
INNER JOIN tickets AS t ON t.system = w.system AND t.ticket_id = w.ticket_id
WHERE (w.ended_epoch IS NOT NULL OR NOT t.is_solved)
    AND NOT (w.metric = 'periodic_update' AND COALESCE(w.ended_epoch = w.from_epoch, false))
