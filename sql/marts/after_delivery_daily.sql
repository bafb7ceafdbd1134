/*
about = """
What happens after a delivery: how many buyers are asked what they think, by the day of the delivery, and how many
warranty contacts come in, by the day of the contact. A request is a survey, a thank-you or a request for a review that
names the order, or names nothing and goes to the same customer."""
grain = ["date", "segment_kind", "segment_value"]
partition = "date"
settings = ["feedback_window_days"]
not_null = ["date", "segment_kind", "segment_value", "is_mature", "delivered_orders", "feedback_requested_orders", "warranty_tickets"]

[accepted_values]
segment_kind = ["all", "country"]

[ranges]
feedback_request_rate = [0, 1]
delivered_orders = [0, 1e12]
feedback_requested_orders = [0, 1e12]
warranty_tickets = [0, 1e12]
warranty_claim_rate = [0, 1e12]

[inputs]
fct_delivered_orders = "same"
fct_surveys = "0..1"
fct_tickets = "same"
dates = "0..1"

[columns]
date = "DATE local date of the delivery, or of the warranty contact"
segment_kind = "VARCHAR all or country (of the order, of the ticket); sum over one kind only"
segment_value = "VARCHAR all, or the country; unknown where it is not known"
is_mature = "BOOLEAN the window for requests (feedback_window_days) has passed: feedback_requested_orders is final"
delivered_orders = "BIGINT purchases delivered on the date"
feedback_requested_orders = "BIGINT of these, followed by a request for feedback within the window"
feedback_request_rate = "DOUBLE feedback_requested_orders / delivered_orders, share from 0 to 1; NULL without deliveries, and where no survey is known in the month and the next"
warranty_tickets = "BIGINT counted tickets created on the date for the reason warranty"
warranty_claim_rate = "DOUBLE warranty_tickets / delivered_orders; NULL without deliveries. The orders are others than those of the tickets: read it over a month or more, from the sums"
*/
WITH unit AS (
    SELECT MIN(month_number) AS month_number, MAX(day_number) AS last_day
    FROM dates
),

days AS (
    SELECT d.date AS date, d.day_number + s.feedback_window_days <= u.last_day AS is_mature
    FROM dates AS d
    INNER JOIN unit AS u ON u.month_number = d.month_number
    CROSS JOIN settings AS s
),

requests AS (
    SELECT system, order_id, customer_hash, sent_epoch
    FROM fct_surveys
    WHERE source = 'survey' AND ticket_id IS NULL AND interaction_id IS NULL AND sent_epoch IS NOT NULL
),

requested AS (
    SELECT o.system AS system, o.order_id AS order_id
    FROM fct_delivered_orders AS o
    INNER JOIN requests AS r ON r.system = o.system AND r.order_id = o.order_id
    CROSS JOIN settings AS s
    WHERE r.sent_epoch >= o.delivered_epoch AND r.sent_epoch <= o.delivered_epoch + s.feedback_window_days * 86400

    UNION

    SELECT o.system AS system, o.order_id AS order_id
    FROM fct_delivered_orders AS o
    INNER JOIN requests AS r ON r.customer_hash = o.customer_hash
    CROSS JOIN settings AS s
    WHERE r.order_id IS NULL
        AND r.sent_epoch >= o.delivered_epoch AND r.sent_epoch <= o.delivered_epoch + s.feedback_window_days * 86400
),

known AS (
    SELECT CAST(COUNT(*) AS BIGINT) AS surveys
    FROM requests
),

entries AS (
    SELECT
        o.delivered_date AS date,
        COALESCE(o.country, 'unknown') AS country,
        1 AS delivered,
        CASE WHEN r.order_id IS NOT NULL THEN 1 ELSE 0 END AS requested,
        0 AS warranty
    FROM fct_delivered_orders AS o
    LEFT JOIN requested AS r ON r.system = o.system AND r.order_id = o.order_id

    UNION ALL

    SELECT
        created_date AS date,
        COALESCE(country, 'unknown') AS country,
        0 AS delivered,
        0 AS requested,
        1 AS warranty
    FROM fct_tickets
    WHERE contact_reason = 'warranty'
),

sliced AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value FROM entries
    UNION ALL
    SELECT *, 'country' AS segment_kind, country AS segment_value FROM entries
),

sums AS (
    SELECT
        x.date AS date,
        x.segment_kind AS segment_kind,
        x.segment_value AS segment_value,
        d.is_mature AS is_mature,
        CAST(SUM(x.delivered) AS BIGINT) AS delivered_orders,
        CAST(SUM(x.requested) AS BIGINT) AS feedback_requested_orders,
        CAST(SUM(x.warranty) AS BIGINT) AS warranty_tickets
    FROM sliced AS x
    INNER JOIN days AS d ON d.date = x.date
    GROUP BY x.date, x.segment_kind, x.segment_value, d.is_mature
)

SELECT
    x.date AS date,
    x.segment_kind AS segment_kind,
    x.segment_value AS segment_value,
    x.is_mature AS is_mature,
    x.delivered_orders AS delivered_orders,
    x.feedback_requested_orders AS feedback_requested_orders,
    CASE
        WHEN x.delivered_orders > 0 AND k.surveys > 0
            THEN CAST(x.feedback_requested_orders AS DOUBLE) / CAST(x.delivered_orders AS DOUBLE)
    END AS feedback_request_rate,
    x.warranty_tickets AS warranty_tickets,
    CASE
        WHEN x.delivered_orders > 0 THEN CAST(x.warranty_tickets AS DOUBLE) / CAST(x.delivered_orders AS DOUBLE)
    END AS warranty_claim_rate
FROM sums AS x
CROSS JOIN known AS k
