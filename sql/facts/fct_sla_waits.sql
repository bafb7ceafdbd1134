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
WITH messages AS (
    SELECT
        system,
        ticket_id,
        message_number,
        sent_epoch,
        is_opening,
        is_reply,
        author_kind = 'customer' AND is_public AS is_question,
        MAX(CASE WHEN is_reply THEN message_number END) OVER (PARTITION BY system, ticket_id) AS last_reply_number
    FROM fct_ticket_messages
),

talks AS (
    SELECT
        system,
        ticket_id,
        MAX(CASE WHEN is_opening THEN 1 ELSE 0 END) AS has_opening,
        MIN(CASE WHEN is_question THEN sent_epoch END) AS question_epoch,
        MIN(CASE WHEN is_reply THEN sent_epoch END) AS reply_epoch,
        MIN(CASE WHEN is_question AND message_number > last_reply_number THEN sent_epoch END) AS unanswered_epoch
    FROM messages
    GROUP BY system, ticket_id
),

histories AS (
    SELECT system, ticket_id, MAX(CASE WHEN is_solve THEN from_epoch END) AS last_solve_epoch
    FROM fct_ticket_status
    GROUP BY system, ticket_id
),

tickets AS (
    SELECT
        t.system AS system,
        t.ticket_id AS ticket_id,
        t.created_date AS created_date,
        t.created_epoch AS created_epoch,
        t.status IN ('solved', 'closed') AS is_solved,
        h.ticket_id IS NOT NULL AS has_history,
        CASE
            WHEN h.ticket_id IS NOT NULL THEN h.last_solve_epoch
            WHEN t.status IN ('solved', 'closed') THEN t.vendor_solved_epoch
        END AS last_solve_epoch,
        CASE WHEN m.has_opening = 1 THEN m.question_epoch ELSE t.created_epoch END AS asked_epoch,
        CASE WHEN m.ticket_id IS NULL THEN t.vendor_first_response_epoch ELSE m.reply_epoch END AS reply_epoch,
        m.ticket_id IS NOT NULL OR t.vendor_first_response_epoch IS NOT NULL AS has_replies,
        m.unanswered_epoch AS unanswered_epoch
    FROM core_tickets AS t
    LEFT JOIN talks AS m ON m.system = t.system AND m.ticket_id = t.ticket_id
    LEFT JOIN histories AS h ON h.system = t.system AND h.ticket_id = t.ticket_id
    WHERE t.is_counted
),

-- A chat may be answered before its ticket exists: that took no time.
of_tickets AS (
    SELECT
        t.system AS system,
        t.ticket_id AS ticket_id,
        k.metric AS metric,
        CAST(k.run_number AS BIGINT) AS run_number,
        CASE k.metric
            WHEN 'first_reply' THEN CASE
                WHEN t.has_replies
                    AND (t.reply_epoch IS NULL OR t.reply_epoch >= t.asked_epoch OR t.asked_epoch = t.created_epoch)
                    THEN t.asked_epoch
            END
            WHEN 'next_reply' THEN t.unanswered_epoch
            WHEN 'resolution' THEN t.created_epoch
            ELSE CASE WHEN t.has_history THEN t.created_epoch END
        END AS from_epoch,
        CASE
            WHEN k.metric = 'first_reply' AND t.reply_epoch < t.asked_epoch THEN t.asked_epoch
            WHEN k.metric = 'first_reply' THEN t.reply_epoch
        END AS reply_epoch
    FROM tickets AS t
    CROSS JOIN (VALUES
        ('first_reply', 1),
        ('next_reply', 1000000),
        ('requester_wait', 1),
        ('agent_work', 1),
        ('resolution', 1)
    ) AS k (metric, run_number)
),

replies AS (
    SELECT system, ticket_id, message_id, reply_number, reply_number - 1 AS number_before, sent_epoch
    FROM fct_ticket_messages
    WHERE is_reply
),

waits AS (
    SELECT system, ticket_id, metric, run_number, from_epoch, reply_epoch
    FROM of_tickets
    WHERE from_epoch IS NOT NULL

    UNION ALL

    SELECT
        a.system AS system,
        a.ticket_id AS ticket_id,
        'next_reply' AS metric,
        a.answer_number AS run_number,
        a.waiting_since_epoch AS from_epoch,
        a.answered_epoch AS reply_epoch
    FROM fct_ticket_answers AS a
    INNER JOIN replies AS m ON m.system = a.system AND m.message_id = a.message_id
    WHERE m.reply_number > 1

    UNION ALL

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

solves AS (
    SELECT system, ticket_id, from_epoch AS solve_epoch
    FROM fct_ticket_status
    WHERE is_solve
),

solved AS (
    SELECT
        w.system AS system,
        w.ticket_id AS ticket_id,
        w.metric AS metric,
        w.run_number AS run_number,
        MAX(w.from_epoch) AS from_epoch,
        MAX(w.reply_epoch) AS reply_epoch,
        MIN(CASE WHEN s.solve_epoch >= w.from_epoch THEN s.solve_epoch END) AS solve_epoch
    FROM waits AS w
    LEFT JOIN solves AS s ON s.system = w.system AND s.ticket_id = w.ticket_id
    GROUP BY w.system, w.ticket_id, w.metric, w.run_number
),

-- The solve that ends a wait for a reply is the first one after its start, that of a ticket the last one of all. A ticket
-- without a history has one at most.
ended AS (
    SELECT
        w.system AS system,
        w.ticket_id AS ticket_id,
        w.metric AS metric,
        w.run_number AS run_number,
        t.created_date AS ticket_created_date,
        t.is_solved AS is_solved,
        w.from_epoch AS from_epoch,
        w.reply_epoch AS reply_epoch,
        CASE
            WHEN w.metric IN ('requester_wait', 'agent_work', 'resolution')
                THEN CASE WHEN t.is_solved THEN t.last_solve_epoch END
            WHEN w.solve_epoch IS NOT NULL THEN w.solve_epoch
            WHEN t.last_solve_epoch >= w.from_epoch THEN t.last_solve_epoch
        END AS solve_epoch
    FROM solved AS w
    INNER JOIN tickets AS t ON t.system = w.system AND t.ticket_id = w.ticket_id
)

-- A reply that solves the ticket promises no further update.
SELECT
    system,
    ticket_id,
    metric,
    run_number,
    ticket_created_date,
    from_epoch,
    CASE WHEN reply_epoch > solve_epoch THEN solve_epoch ELSE COALESCE(reply_epoch, solve_epoch) END AS ended_epoch
FROM ended
WHERE (reply_epoch IS NOT NULL OR solve_epoch IS NOT NULL OR NOT is_solved)
    AND NOT (metric = 'periodic_update' AND COALESCE(solve_epoch = from_epoch OR reply_epoch = from_epoch, false))
