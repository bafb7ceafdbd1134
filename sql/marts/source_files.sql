/*
about = """
What became of every delivered file: rows read = accepted + quarantined + duplicate. A duplicate is an older version
of a row within its file."""
grain = ["source", "file", "entity"]
partition = "batch_date"
not_null = ["source", "file", "entity", "records_read", "records_accepted", "records_quarantined", "records_duplicate"]

[inputs]
stg_files = "same"

[columns]
source = "VARCHAR source of the job file"
file = "VARCHAR file, as a path below the source's folder"
entity = "VARCHAR kind of row that records become"
batch_date = "DATE date in the file's path; NULL without one"
records_read = "BIGINT records of the file that are of this entity"
records_accepted = "BIGINT of them, staged"
records_quarantined = "BIGINT of them, refused with a reason in quarantine"
records_duplicate = "BIGINT of them, superseded within the file"
quarantined_share = "DOUBLE records_quarantined / records_read; NULL for an empty file"
*/
SELECT
    source,
    file,
    entity,
    batch_date,
    records_read,
    records_accepted,
    records_quarantined,
    records_duplicate,
    CASE
        WHEN records_read > 0 THEN CAST(records_quarantined AS DOUBLE) / CAST(records_read AS DOUBLE)
    END AS quarantined_share
FROM stg_files
