/*
about = """
How many of the customers get in touch, and how much, per week, month and quarter. Customers cannot be summed over periods:
read the row of the period you mean. A period stands in the month of its first day; one that begins before the first month
with data has no row."""
grain = ["period", "period_start", "segment_kind", "segment_value"]
partition = "period_start"
not_null = [
    "period", "period_start", "segment_kind", "segment_value", "is_complete", "active_customers", "engaged_customers",
    "buyers", "interactions_after_purchase", "past_buyers", "returned_buyers",
]

[accepted_values]
segment_kind = ["all", "country"]
period = ["week", "month", "quarter"]

[ranges]
engagement_rate = [0, 1]
return_share = [0, 1]
active_customers = [0, 1e12]
engaged_customers = [0, 1e12]
buyers = [0, 1e12]
interactions_after_purchase = [0, 1e12]
interactions_per_buyer = [0, 1e12]
past_buyers = [0, 1e12]
returned_buyers = [0, 1e12]

[inputs]
fct_engagement = "same"

[columns]
period = "VARCHAR week, month or quarter"
period_start = "DATE first day of the period"
segment_kind = "VARCHAR all or country (of the customer's first order); sum over one kind only"
segment_value = "VARCHAR all, or the country; unknown where it is not known"
is_complete = "BOOLEAN the data reach the period's end"
active_customers = "BIGINT customers with a counted order in the active_window_days up to the period's end"
engaged_customers = "BIGINT of these, who got in touch in the period in any way; buying alone is none"
engagement_rate = "DOUBLE engaged_customers / active_customers, share from 0 to 1; NULL without active customers, and where nobody at all got in touch, for then the export is missing"
buyers = "BIGINT customers whose first counted order lies before the period's end"
interactions_after_purchase = "BIGINT their contacts in the period, on days after the one of their first order"
interactions_per_buyer = "DOUBLE interactions_after_purchase / buyers; NULL without buyers, and where nobody at all got in touch"
past_buyers = "BIGINT customers whose first counted order lies before the period's beginning"
returned_buyers = "BIGINT of these, who got in touch or bought in the period"
return_share = "DOUBLE returned_buyers / past_buyers, share from 0 to 1; NULL without past buyers"
*/
WITH segments AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value FROM fct_engagement
    UNION ALL
    SELECT *, 'country' AS segment_kind, country AS segment_value FROM fct_engagement
),

counts AS (
    SELECT
        period,
        period_start,
        segment_kind,
        segment_value,
        is_complete,
        has_contacts,
        CAST(SUM(active_customers) AS BIGINT) AS active_customers,
        CAST(SUM(engaged_customers) AS BIGINT) AS engaged_customers,
        CAST(SUM(buyers) AS BIGINT) AS buyers,
        CAST(SUM(interactions_after_purchase) AS BIGINT) AS interactions_after_purchase,
        CAST(SUM(past_buyers) AS BIGINT) AS past_buyers,
        CAST(SUM(returned_buyers) AS BIGINT) AS returned_buyers
    FROM segments
    GROUP BY period, period_start, segment_kind, segment_value, is_complete, has_contacts
)

SELECT
    period,
    period_start,
    segment_kind,
    segment_value,
    is_complete,
    active_customers,
    engaged_customers,
    CASE
        WHEN active_customers > 0 AND has_contacts
            THEN CAST(engaged_customers AS DOUBLE) / CAST(active_customers AS DOUBLE)
    END AS engagement_rate,
    buyers,
    interactions_after_purchase,
    CASE
        WHEN has_contacts THEN CAST(interactions_after_purchase AS DOUBLE) / CAST(buyers AS DOUBLE)
    END AS interactions_per_buyer,
    past_buyers,
    returned_buyers,
    CASE WHEN past_buyers > 0 THEN CAST(returned_buyers AS DOUBLE) / CAST(past_buyers AS DOUBLE) END AS return_share
FROM counts
