/*
about = """
Which delivered rows were refused, and why: one row per reason. What is listed here is in no other table until the
export is mended and delivered again."""
grain = ["source", "file", "entity", "record_number", "item_number", "column_name", "reason"]
partition = "batch_date"
not_null = ["source", "file", "entity", "record_number", "item_number", "column_name", "reason"]

[inputs]
stg_quarantine = "same"

[columns]
source = "VARCHAR source of the job file"
file = "VARCHAR file, as a path below the source's folder"
entity = "VARCHAR kind of row the record was to become"
batch_date = "DATE date in the file's path; NULL without one"
record_number = "BIGINT record in the file, from 1"
item_number = "BIGINT child of the record, from 1; 0 for the record itself"
column_name = "VARCHAR field at fault; empty where the whole record cannot be read"
reason = "VARCHAR what is wrong: missing, invalid_timestamp, unknown_value, negative and so on"
value = "VARCHAR the text delivered; NULL for personal fields"
*/
SELECT
    source,
    file,
    entity,
    batch_date,
    record_number,
    item_number,
    column_name,
    reason,
    MAX(value) AS value
FROM stg_quarantine
GROUP BY source, file, entity, batch_date, record_number, item_number, column_name, reason
