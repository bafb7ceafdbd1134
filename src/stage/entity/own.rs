//! Staging's own two tables.

use super::{Kind, Layout, field, required};

pub(super) const FILES: Layout = Layout {
    name: "files",
    about: "What became of one file's records, per entity.",
    key: &["source", "file", "entity"],
    anchors: &["batch_date"],
    has_customer: false,
    fields: &[
        required("source", Kind::Text, "Source of the job file."),
        required("file", Kind::Text, "File as people know it."),
        required("entity", Kind::Text, "Entity its records were staged as."),
        field("batch_date", Kind::Date, "Date in the file's path."),
        required(
            "records_read",
            Kind::Count,
            "Accepted, quarantined and duplicates together.",
        ),
        required("records_accepted", Kind::Count, "Rows staged."),
        required(
            "records_quarantined",
            Kind::Count,
            "Rows refused, whatever the number of reasons.",
        ),
        required("records_duplicate", Kind::Count, "Older versions within the file."),
    ],
};

pub(super) const QUARANTINE: Layout = Layout {
    name: "quarantine",
    about: "One reason why one record was refused.",
    key: &[
        "source",
        "file",
        "entity",
        "record_number",
        "item_number",
        "column_name",
        "reason",
    ],
    anchors: &["batch_date"],
    has_customer: false,
    fields: &[
        required("source", Kind::Text, "Source of the job file."),
        required("file", Kind::Text, "File as people know it."),
        required("entity", Kind::Text, "Entity the record was to become."),
        field("batch_date", Kind::Date, "Date in the file's path."),
        required(
            "record_number",
            Kind::Count,
            "Number of the record in the file, from 1.",
        ),
        required(
            "item_number",
            Kind::Count,
            "Number of the child in the record; 0 for the record itself.",
        ),
        required(
            "column_name",
            Kind::Text,
            "Field that was refused; empty where the whole record is.",
        ),
        required("reason", Kind::Text, "Word for what is wrong."),
        field(
            "value",
            Kind::Text,
            "The value refused, cut to 200 characters; never a personal one.",
        ),
    ],
};
