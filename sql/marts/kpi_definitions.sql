/*
about = "The KPI dictionary for reports: what each KPI of the table kpis means, in English and Spanish."
grain = ["key"]
partition = "none"
not_null = [
    "key", "position", "name_en", "name_es", "question_en", "question_es", "formula_en", "formula_es", "unit_en",
    "unit_es", "better_when", "axis_en", "axis_es", "table_name", "column_names",
    "needs",
]

[accepted_values]
better_when = ["up", "down", "none"]

[inputs]
kpi_dictionary = "all"

[columns]
key = "VARCHAR key of the KPI, as in kpis and kpi_status"
position = "BIGINT place in the dictionary"
name_en = "VARCHAR English name"
name_es = "VARCHAR Spanish name"
question_en = "VARCHAR question it answers"
question_es = "VARCHAR question it answers, Spanish"
formula_en = "VARCHAR how it is computed"
formula_es = "VARCHAR how it is computed, Spanish"
unit_en = "VARCHAR unit of the value"
unit_es = "VARCHAR unit of the value, Spanish"
better_when = "VARCHAR up or down: where the value should go; none where neither is better"
axis_en = "VARCHAR date a value is booked on"
axis_es = "VARCHAR date a value is booked on, Spanish"
traps_en = "VARCHAR what to beware of; NULL without any"
traps_es = "VARCHAR what to beware of, Spanish; NULL without any"
table_name = "VARCHAR table with its parts"
column_names = "VARCHAR columns there, separated by commas"
needs = "VARCHAR inputs without any one of which the KPI is NULL, separated by commas; empty where one of several will do"
*/
SELECT
    key,
    position,
    name_en,
    name_es,
    question_en,
    question_es,
    formula_en,
    formula_es,
    unit_en,
    unit_es,
    better_when,
    axis_en,
    axis_es,
    traps_en,
    traps_es,
    table_name,
    column_names,
    needs
FROM kpi_dictionary
