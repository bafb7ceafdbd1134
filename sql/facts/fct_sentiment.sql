/*
about = """
One row per public text of a customer with a mood: messages of counted tickets, and comments of surveys. From ours or
the vendor's score; the two are never mixed."""
grain = ["system", "source", "text_id"]
partition = "date"
scatter = true
settings = []
not_null = ["system", "source", "text_id", "date"]

[accepted_values]
source = ["message", "survey"]
class = ["positive", "neutral", "negative"]

[ranges]
score = [-1, 1]
change_in_ticket = [-2, 2]

[inputs]
core_messages = "same"
fct_ticket_messages = "same"
fct_tickets = "same"
fct_surveys = "same"

[columns]
system = "VARCHAR name space of the ids"
source = "VARCHAR message or survey"
text_id = "VARCHAR id of the message or survey"
date = "DATE local date of the message or of the answer"
ticket_id = "VARCHAR ticket it belongs to or is about"
customer_hash = "VARCHAR keyed hash of the customer"
channel = "VARCHAR channel of the ticket, else of the survey"
team_id = "VARCHAR team of the ticket"
country = "VARCHAR country of the ticket"
language = "VARCHAR language of the ticket, else of the comment"
contact_reason = "VARCHAR why the customer wrote the ticket"
score = "DECIMAL(18,4) our score, -1 to 1; NULL where only the vendor gives one"
class = "VARCHAR positive (0.2 and above), negative (-0.2 and below) or neutral by our score"
vendor_score = "DECIMAL(18,4) score as exported, on the vendor's own scale"
change_in_ticket = "DECIMAL(18,4) on the ticket's last scored customer message: its score less the first one's; NULL elsewhere, and with only one"
*/
WITH said AS (
    SELECT
        m.system AS system,
        m.message_id AS message_id,
        m.ticket_id AS ticket_id,
        m.sent_date AS sent_date,
        m.message_number AS message_number,
        c.sentiment_score AS sentiment_score,
        c.vendor_sentiment_score AS vendor_sentiment_score
    FROM fct_ticket_messages AS m
    INNER JOIN core_messages AS c ON c.system = m.system AND c.message_id = m.message_id
    WHERE m.author_kind = 'customer' AND m.is_public
        AND (c.sentiment_score IS NOT NULL OR c.vendor_sentiment_score IS NOT NULL)
),

ends AS (
    SELECT
        system,
        ticket_id,
        MIN(message_number) AS first_number,
        MAX(message_number) AS last_number
    FROM said
    WHERE sentiment_score IS NOT NULL
    GROUP BY system, ticket_id
),

firsts AS (
    SELECT e.system AS system, e.ticket_id AS ticket_id, e.last_number AS last_number, s.sentiment_score AS first_score
    FROM ends AS e
    INNER JOIN said AS s
        ON s.system = e.system AND s.ticket_id = e.ticket_id AND s.message_number = e.first_number
    WHERE e.last_number > e.first_number
),

texts AS (
    SELECT
        s.system AS system,
        'message' AS source,
        s.message_id AS text_id,
        s.sent_date AS date,
        s.ticket_id AS ticket_id,
        t.customer_hash AS customer_hash,
        t.channel AS channel,
        t.team_id AS team_id,
        t.country AS country,
        t.language AS language,
        t.contact_reason AS contact_reason,
        s.sentiment_score AS score,
        s.vendor_sentiment_score AS vendor_score,
        CAST(s.sentiment_score - f.first_score AS DECIMAL(18,4)) AS change_in_ticket
    FROM said AS s
    INNER JOIN fct_tickets AS t ON t.system = s.system AND t.ticket_id = s.ticket_id
    LEFT JOIN firsts AS f
        ON f.system = s.system AND f.ticket_id = s.ticket_id AND f.last_number = s.message_number

    UNION ALL

    SELECT
        system,
        'survey' AS source,
        survey_id AS text_id,
        COALESCE(answered_date, survey_date) AS date,
        ticket_id,
        customer_hash,
        channel,
        team_id,
        country,
        language,
        contact_reason,
        sentiment_score AS score,
        vendor_sentiment_score AS vendor_score,
        CAST(NULL AS DECIMAL(18,4)) AS change_in_ticket
    FROM fct_surveys
    WHERE (sentiment_score IS NOT NULL OR vendor_sentiment_score IS NOT NULL) AND survey_date IS NOT NULL
)

SELECT
    system,
    source,
    text_id,
    date,
    ticket_id,
    customer_hash,
    channel,
    team_id,
    country,
    language,
    contact_reason,
    score,
    CASE
        WHEN CAST(score AS DOUBLE) >= 0.2 THEN 'positive'
        WHEN CAST(score AS DOUBLE) <= -0.2 THEN 'negative'
        WHEN score IS NOT NULL THEN 'neutral'
    END AS class,
    vendor_score,
    change_in_ticket
FROM texts
