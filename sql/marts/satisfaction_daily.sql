/*
about = """
What customers say when asked, per day: loyalty, satisfaction and effort on the day of the answer; how many answer, on
the day of the sending. A ticket's rating counts once, however many surveys were sent about it."""
grain = ["date", "segment_kind", "segment_value"]
partition = "date"
settings = []
not_null = [
    "date", "segment_kind", "segment_value", "surveys_sent", "sent_and_answered", "nps_answers", "promoters", "passives",
    "detractors", "csat_answers", "csat_good", "csat_scores", "csat_score_sum", "ces_answers", "ces_low_effort",
    "ces_score_sum",
]

[accepted_values]
segment_kind = ["all", "kind", "source", "channel", "team", "brand", "country", "language", "contact_reason"]

[ranges]
survey_response_rate = [0, 1]
nps = [-100, 100]
csat_rate = [0, 1]
ces_low_effort_rate = [0, 1]
ces_average = [1, 7]
surveys_sent = [0, 1e12]
sent_and_answered = [0, 1e12]
nps_answers = [0, 1e12]
promoters = [0, 1e12]
passives = [0, 1e12]
detractors = [0, 1e12]
csat_answers = [0, 1e12]
csat_good = [0, 1e12]
csat_scores = [0, 1e12]
csat_score_sum = [0, 1e12]
csat_average = [1, 5]
ces_answers = [0, 1e12]
ces_low_effort = [0, 1e12]
ces_score_sum = [0, 1e12]

[inputs]
fct_survey_day_parts = "same"
dates = "same"

[columns]
date = "DATE local date of the sending (surveys_sent, sent_and_answered) or of the answer (all else)"
segment_kind = "VARCHAR all, kind (nps, csat, ces), source (survey, ticket), channel, team, brand, country, language or contact_reason; sum over one kind only"
segment_value = "VARCHAR all, or the value of the slice; unknown where it is not known"
surveys_sent = "BIGINT surveys sent, or ratings offered, on the date"
sent_and_answered = "BIGINT of these, answered to date"
survey_response_rate = "DOUBLE sent_and_answered / surveys_sent, share from 0 to 1; NULL without surveys sent"
nps_answers = "BIGINT answers from 0 to 10 to the question of recommending"
promoters = "BIGINT of these, 9 and 10"
passives = "BIGINT of these, 7 and 8"
detractors = "BIGINT of these, 0 to 6"
nps = "DOUBLE 100 x (promoters - detractors) / nps_answers, from -100 to 100; NULL without answers"
csat_answers = "BIGINT good and bad answers; an offer is none"
csat_good = "BIGINT of these, good ones"
csat_rate = "DOUBLE csat_good / csat_answers, share from 0 to 1; NULL without answers"
csat_scores = "BIGINT satisfaction answers with a score"
csat_score_sum = "DECIMAL(18,4) sum of these scores on the scale 1 to 5"
csat_average = "DOUBLE csat_score_sum / csat_scores; NULL without scores"
ces_answers = "BIGINT answers on effort"
ces_low_effort = "BIGINT of these, 5 to 7 on the scale 1 (hard) to 7 (easy)"
ces_score_sum = "DECIMAL(18,4) sum of the answers on that scale"
ces_average = "DOUBLE ces_score_sum / ces_answers; NULL without answers"
ces_low_effort_rate = "DOUBLE ces_low_effort / ces_answers, share from 0 to 1; NULL without answers"
*/
WITH sums AS (
    SELECT
        p.date AS date,
        p.segment_kind AS segment_kind,
        p.segment_value AS segment_value,
        CAST(SUM(p.surveys_sent) AS BIGINT) AS surveys_sent,
        CAST(SUM(p.sent_and_answered) AS BIGINT) AS sent_and_answered,
        CAST(SUM(p.promoters + p.passives + p.detractors) AS BIGINT) AS nps_answers,
        CAST(SUM(p.promoters) AS BIGINT) AS promoters,
        CAST(SUM(p.passives) AS BIGINT) AS passives,
        CAST(SUM(p.detractors) AS BIGINT) AS detractors,
        CAST(SUM(p.csat_good + p.csat_bad) AS BIGINT) AS csat_answers,
        CAST(SUM(p.csat_good) AS BIGINT) AS csat_good,
        CAST(SUM(p.csat_scores) AS BIGINT) AS csat_scores,
        COALESCE(CAST(SUM(p.csat_score_sum) AS DECIMAL(18,4)), CAST(0 AS DECIMAL(18,4))) AS csat_score_sum,
        CAST(SUM(p.ces_low_effort + p.ces_high_effort) AS BIGINT) AS ces_answers,
        CAST(SUM(p.ces_low_effort) AS BIGINT) AS ces_low_effort,
        COALESCE(CAST(SUM(p.ces_score_sum) AS DECIMAL(18,4)), CAST(0 AS DECIMAL(18,4))) AS ces_score_sum
    FROM fct_survey_day_parts AS p
    INNER JOIN dates AS d ON d.date = p.date
    GROUP BY p.date, p.segment_kind, p.segment_value
)

SELECT
    date,
    segment_kind,
    segment_value,
    surveys_sent,
    sent_and_answered,
    CASE WHEN surveys_sent > 0 THEN CAST(sent_and_answered AS DOUBLE) / CAST(surveys_sent AS DOUBLE) END
        AS survey_response_rate,
    nps_answers,
    promoters,
    passives,
    detractors,
    CASE WHEN nps_answers > 0 THEN 100 * CAST(promoters - detractors AS DOUBLE) / CAST(nps_answers AS DOUBLE) END
        AS nps,
    csat_answers,
    csat_good,
    CASE WHEN csat_answers > 0 THEN CAST(csat_good AS DOUBLE) / CAST(csat_answers AS DOUBLE) END AS csat_rate,
    csat_scores,
    csat_score_sum,
    CASE WHEN csat_scores > 0 THEN CAST(csat_score_sum AS DOUBLE) / CAST(csat_scores AS DOUBLE) END AS csat_average,
    ces_answers,
    ces_low_effort,
    ces_score_sum,
    CASE WHEN ces_answers > 0 THEN CAST(ces_score_sum AS DOUBLE) / CAST(ces_answers AS DOUBLE) END AS ces_average,
    CASE WHEN ces_answers > 0 THEN CAST(ces_low_effort AS DOUBLE) / CAST(ces_answers AS DOUBLE) END
        AS ces_low_effort_rate
FROM sums
