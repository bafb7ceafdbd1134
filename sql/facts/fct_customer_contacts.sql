/*
about = """
Every day on which a customer got in touch, by what for: a ticket written or answered, a call or chat, a talk with the
bot, a visit to the help centre, a survey answered, a review. What belongs to one ticket is one contact of the day."""
grain = ["customer_hash", "contact_date", "contact_key", "kind", "source_month"]
partition = "contact_date"
scatter = true
settings = []
not_null = ["customer_hash", "contact_date", "contact_key", "kind", "source_month"]

[accepted_values]
kind = ["ticket", "interaction", "bot", "visit", "survey", "review"]

[inputs]
fct_tickets = "same"
fct_ticket_messages = "same"
fct_interactions = "same"
fct_bot_sessions = "same"
fct_visits = "same"
fct_surveys = "same"
fct_reviews = "same"

[columns]
customer_hash = "VARCHAR keyed hash of the customer"
contact_date = "DATE local date of the contact"
contact_key = "VARCHAR the ticket, else the thing itself: count different ones of a day, for a call about a ticket is one contact"
kind = "VARCHAR ticket, interaction, bot, visit, survey or review"
source_month = "VARCHAR month (YYYY-MM) in which the ticket was created or the thing happened"
*/
WITH contacts AS (
    SELECT
        customer_hash,
        created_date AS contact_date,
        CONCAT('ticket:', system, ':', ticket_id) AS contact_key,
        'ticket' AS kind,
        created_date AS source_date
    FROM fct_tickets
    WHERE COALESCE(opened_by, 'customer') <> 'agent'

    UNION ALL

    SELECT
        t.customer_hash AS customer_hash,
        m.sent_date AS contact_date,
        CONCAT('ticket:', t.system, ':', t.ticket_id) AS contact_key,
        'ticket' AS kind,
        t.created_date AS source_date
    FROM fct_ticket_messages AS m
    INNER JOIN fct_tickets AS t ON t.system = m.system AND t.ticket_id = m.ticket_id
    WHERE m.author_kind = 'customer' AND m.is_public

    UNION ALL

    SELECT
        customer_hash,
        started_date AS contact_date,
        CASE
            WHEN ticket_id IS NOT NULL THEN CONCAT('ticket:', system, ':', ticket_id)
            ELSE CONCAT('interaction:', system, ':', interaction_id)
        END AS contact_key,
        'interaction' AS kind,
        started_date AS source_date
    FROM fct_interactions
    WHERE is_offered OR is_answered

    UNION ALL

    SELECT
        customer_hash,
        booked_date AS contact_date,
        CASE
            WHEN ticket_id IS NOT NULL THEN CONCAT('ticket:', system, ':', ticket_id)
            ELSE CONCAT('bot:', system, ':', session_id)
        END AS contact_key,
        'bot' AS kind,
        booked_date AS source_date
    FROM fct_bot_sessions

    UNION ALL

    SELECT
        customer_hash,
        visited_date AS contact_date,
        CONCAT('visit:', system, ':', visit_id) AS contact_key,
        'visit' AS kind,
        visited_date AS source_date
    FROM fct_visits

    UNION ALL

    SELECT
        customer_hash,
        answered_date AS contact_date,
        CONCAT('survey:', system, ':', survey_id) AS contact_key,
        'survey' AS kind,
        survey_date AS source_date
    FROM fct_surveys
    WHERE is_answered AND is_counted

    UNION ALL

    SELECT
        customer_hash,
        reviewed_date AS contact_date,
        CONCAT('review:', system, ':', review_id) AS contact_key,
        'review' AS kind,
        reviewed_date AS source_date
    FROM fct_reviews
)

SELECT
    customer_hash,
    contact_date,
    contact_key,
    kind,
    SUBSTR(CAST(source_date AS VARCHAR), 1, 7) AS source_month
FROM contacts
WHERE customer_hash IS NOT NULL AND contact_date IS NOT NULL
GROUP BY customer_hash, contact_date, contact_key, kind, SUBSTR(CAST(source_date AS VARCHAR), 1, 7)
