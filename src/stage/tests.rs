//! Whole files, staged from inline exports, with values worked out by hand.

mod vendors;

use bytes::Bytes;
use polars::prelude::{AnyValue, DataFrame};

use super::*;
use crate::job::faults::Faults;
use crate::job::{Source, SourceSection};

fn source(toml: &str) -> Source {
    let section: SourceSection = toml::from_str(toml).unwrap();
    let mut faults = Faults::default();
    let source = section.resolve("source[0]", chrono_tz::Europe::Madrid, &mut faults);
    assert!(faults.is_empty(), "{:?}", faults.into_vec());
    source.unwrap()
}

fn faults(toml: &str) -> Vec<String> {
    let section: SourceSection = toml::from_str(toml).unwrap();
    let mut faults = Faults::default();
    assert!(
        section
            .resolve("source[0]", chrono_tz::Europe::Madrid, &mut faults)
            .is_none()
    );
    faults.into_vec().iter().map(|fault| fault.to_string()).collect()
}

fn try_stage(source: &Source, bytes: &[u8]) -> Result<StagedFile, FileFault> {
    let context = StageContext {
        time_zone: chrono_tz::Europe::Madrid,
        hash_key: [7; 32],
        reasons: reason::default_rules(),
        currency: "EUR".into(),
    };
    let file = LandedFile {
        path: "in/file",
        batch: "2026-01-31|in/file",
        batch_date: "2026-01-31".parse().ok(),
        bytes: Bytes::copy_from_slice(bytes),
    };
    let staged = try_counts(stage_file(source, &context, &file)?);
    Ok(staged)
}

/// The identity of counts and the contract of columns hold for every file of every test.
fn try_counts(staged: StagedFile) -> StagedFile {
    for total in &staged.totals {
        assert_eq!(
            total.read,
            total.accepted + total.quarantined + total.duplicates,
            "{total:?}"
        );
        assert_eq!(staged.table(total.entity).unwrap().frame.height(), total.accepted);
    }
    for table in &staged.tables {
        assert_eq!(**table.frame.schema(), table.entity.schema());
        assert_eq!(
            table.months.iter().map(|(_, rows)| rows).sum::<usize>(),
            table.frame.height()
        );
    }
    staged
}

fn stage(toml: &str, text: &str) -> StagedFile {
    try_stage(&source(toml), text.as_bytes()).unwrap()
}

fn fault(toml: &str, text: &str) -> String {
    try_stage(&source(toml), text.as_bytes()).unwrap_err().to_string()
}

fn frame(staged: &StagedFile, entity: Entity) -> &DataFrame {
    &staged.table(entity).unwrap().frame
}

/// A column as text, NULL as `-`.
fn column(staged: &StagedFile, entity: Entity, name: &str) -> Vec<String> {
    let frame = frame(staged, entity);
    let column = frame.column(name).unwrap();
    let text = |row| match column.get(row).unwrap() {
        AnyValue::Null => "-".to_owned(),
        value => value.get_str().map_or_else(|| value.to_string(), str::to_owned),
    };
    (0..frame.height()).map(text).collect()
}

/// Quarantine rows as `record.item column reason value`.
fn quarantine(staged: &StagedFile) -> Vec<String> {
    let get = |name| column(staged, Entity::Quarantine, name);
    let (record, item, name) = (get("record_number"), get("item_number"), get("column_name"));
    let (reason, value) = (get("reason"), get("value"));
    (0..record.len())
        .map(|i| format!("{}.{} {} {} {}", record[i], item[i], name[i], reason[i], value[i]))
        .collect()
}

const ORDERS: &str = "name = 'o'\npath = 'o.csv'\nsystem = 'shop'\npreset = 'canonical.orders'";

#[test]
fn every_reason_of_a_row_is_told() {
    let staged = stage(
        ORDERS,
        "order_id,created_at,total_amount,financial_status,email\n\
         007, 2026-03-12T09:14:02Z ,\"1,234.5\",PAID, Ana@Example.com\n\
         2,2026-02-30,-5,lost,b@example.com\n\
         ,2026-03-29 02:30,1.23456,?,c@example.com\n\
         4,2026-03-12T09:14:02Z,1,paid\n\
         5,2026-03-12T09:14:02Z,\"12,50\",,x\n\
         6,2101-01-01T00:00:00Z,,,\n",
    );
    assert_eq!(column(&staged, Entity::Orders, "order_id"), ["007"]);
    assert_eq!(column(&staged, Entity::Orders, "total_amount"), ["1234.5000"]);
    assert_eq!(column(&staged, Entity::Orders, "financial_status"), ["paid"]);
    assert_eq!(column(&staged, Entity::Orders, "currency"), ["EUR"]);
    assert_eq!(column(&staged, Entity::Orders, "batch"), ["2026-01-31|in/file"]);
    let hash = identity::contact_hash(&[7; 32], Some("ana@example.com"), None).unwrap();
    assert_eq!(column(&staged, Entity::Orders, "contact_hash"), [hash]);
    assert_eq!(
        quarantine(&staged),
        [
            "2.0 created_at invalid_timestamp 2026-02-30",
            "2.0 financial_status unknown_value lost",
            "2.0 total_amount negative -5",
            "3.0 order_id missing -",
            "3.0 created_at nonexistent_local_time 2026-03-29 02:30",
            "3.0 total_amount too_precise 1.23456",
            "4.0  wrong_cell_count -",
            "5.0 total_amount invalid_number 12,50",
            "6.0 created_at out_of_range 2101-01-01T00:00:00Z",
        ]
    );
    assert_eq!((staged.records_read, staged.records_quarantined), (6, 5));
    assert_eq!(column(&staged, Entity::Files, "records_read"), ["6"]);
    assert_eq!(column(&staged, Entity::Files, "batch_date"), ["2026-01-31"]);
    assert_eq!(
        staged.table(Entity::Quarantine).unwrap().months,
        [("2026-01".to_owned(), 9)]
    );
}

#[test]
fn the_newest_version_wins_and_rows_sort_by_month() {
    let staged = stage(
        ORDERS,
        "order_id,created_at,updated_at,total_amount\n\
         a,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,1\n\
         b,2026-01-31T23:30:00Z,,2\n\
         a,2026-03-01T00:00:00Z,2026-03-05T00:00:00Z,3\n\
         a,2026-03-01T00:00:00Z,2026-03-04T00:00:00Z,4\n\
         c,2026-01-31T22:30:00Z,,5\n\
         c,2026-01-31T22:30:00Z,,6\n",
    );
    assert_eq!(
        column(&staged, Entity::Orders, "total_amount"),
        ["6.0000", "2.0000", "3.0000"]
    );
    // 23:30 UTC is the first of February in Madrid.
    let months = [
        ("2026-01".to_owned(), 1),
        ("2026-02".to_owned(), 1),
        ("2026-03".to_owned(), 1),
    ];
    assert_eq!(staged.table(Entity::Orders).unwrap().months, months);
    assert_eq!(staged.totals[0].duplicates, 3);
    assert_eq!(staged.last_date, "2026-03-05".parse().ok());
}

#[test]
fn shopify_csv_orders_of_several_rows() {
    let csv = "\u{feff}Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount,Billing Country,Shipping Country,Cancelled at,Refunded Amount,Id,Source,Phone\r\n\
        #1,a@b.co,partially_refunded,2026-03-12 10:00:00 +0100,,USD,20.00,5,1.6,26.6,2.00,2026-03-12 09:14:02 +0100,1,\"A \"\"big\"\",\nthing\",10.00,S1,0,ES,PT,,4.50,'900,web,'+34 612345678\r\n\
        #2,,paid,,fulfilled,USD,1,0,0,1,0,2026-03-13 09:14:02 +0100,1,B,1,S2,0,ES,,,0.00,901,pos,\r\n\
        #1,a@b.co,,,,,,,,,,2026-03-12 09:14:02 +0100,3,C,4.00,S3,2.00,,,,,,,\r\n";
    let staged = stage("name = 's'\npath = 'o.csv'\npreset = 'shopify.orders_csv'", csv);
    assert_eq!(column(&staged, Entity::Orders, "order_id"), ["900", "901"]);
    assert_eq!(column(&staged, Entity::Orders, "country"), ["PT", "ES"]);
    assert_eq!(
        column(&staged, Entity::Orders, "fulfillment_status"),
        ["unfulfilled", "fulfilled"]
    );
    assert_eq!(column(&staged, Entity::OrderLines, "order_id"), ["900", "900", "901"]);
    assert_eq!(column(&staged, Entity::OrderLines, "line_id"), ["1", "2", "1"]);
    assert_eq!(
        column(&staged, Entity::OrderLines, "gross_amount"),
        ["10.0000", "12.0000", "1.0000"]
    );
    assert_eq!(column(&staged, Entity::OrderLines, "record_number"), ["1", "1", "2"]);
    assert_eq!(column(&staged, Entity::OrderLines, "title")[0], "A \"big\",\nthing");
    assert_eq!(column(&staged, Entity::Refunds, "refunded_amount"), ["4.5000"]);
    assert_eq!(column(&staged, Entity::Refunds, "created_at"), ["2026-03-12 09:00:00"]);
    assert_eq!(column(&staged, Entity::Refunds, "is_date_estimated"), ["true"]);
}

#[test]
fn shopify_json_refunds_and_deliveries() {
    let json = r#"{"orders":[{"id":1,"name":"1001","created_at":"2026-01-01T10:00:00Z","updated_at":"2026-01-05T10:00:00Z",
        "total_price":"60.00","test":false,"email":"a@b.co","customer":{"id":5},"shipping_lines":[{"price":"4.99"},{"price":"1.00"}],
        "line_items":[{"id":11,"quantity":2,"price":"25.00","discount_allocations":[{"amount":"1.88"},{"amount":"0.12"}]}],
        "refunds":[{"id":21,"created_at":"2026-01-04T10:00:00Z",
            "refund_line_items":[{"quantity":1,"subtotal":12.62,"total_tax":1.01},{"quantity":1,"subtotal":20.88,"total_tax":1.67}],
            "order_adjustments":[{"kind":"shipping_refund","amount":"-4.99","tax_amount":"-0.40"},{"kind":"refund_discrepancy","amount":"2.00"}],
            "transactions":[{"kind":"refund","status":"success","amount":"39.57"},{"kind":"refund","status":"failure","amount":"9"},
                {"kind":"capture","status":"success","amount":"60.00"}]}],
        "transactions":[{"kind":"sale","status":"success","amount":"60.00"},{"kind":"capture","status":"success","amount":"60.00"}],
        "fulfillments":[{"id":31,"created_at":"2026-01-02T08:00:00Z","status":"success","shipment_status":"delivered",
            "events":[{"status":"in_transit","happened_at":"2026-01-02T09:00:00Z","estimated_delivery_at":"2026-01-03T22:59:00Z"},
                      {"status":"delivered","happened_at":"2026-01-04T09:00:00Z","estimated_delivery_at":"2026-01-03T23:30:00Z"}]}]}],"next":null}"#;
    let staged = stage("name = 's'\npath = 'o.json'\npreset = 'shopify.orders_json'", json);
    let refund = |name| column(&staged, Entity::Refunds, name).remove(0);
    // Only what was refunded counts as such, and a sale with its capture is one payment.
    assert_eq!(refund("refunded_amount"), "39.5700");
    assert_eq!(column(&staged, Entity::Orders, "total_amount"), ["60.0000"]);
    assert_eq!(refund("items_amount"), "33.5000");
    assert_eq!(refund("tax_amount"), "3.0800");
    assert_eq!(refund("shipping_amount"), "4.9900");
    assert_eq!(refund("adjustment_amount"), "-2.0000");
    assert_eq!(refund("quantity"), "2");
    assert_eq!(refund("updated_at"), "2026-01-05 10:00:00");
    assert_eq!(column(&staged, Entity::Orders, "shipping_amount"), ["5.9900"]);
    assert_eq!(column(&staged, Entity::OrderLines, "discount_amount"), ["2.0000"]);
    assert_eq!(
        column(&staged, Entity::Fulfillments, "delivered_at"),
        ["2026-01-04 09:00:00"]
    );
    // 23:30 UTC is the fourth in Madrid.
    assert_eq!(column(&staged, Entity::Fulfillments, "promised_date"), ["2026-01-04"]);
    assert_eq!(column(&staged, Entity::Customers, "customer_source_id"), ["5"]);
    assert!(staged.records_quarantined == 0);
}

#[test]
fn zendesk_audits_become_events_and_messages() {
    let lines = r#"{"id":9,"ticket_id":7,"created_at":"2026-01-01T10:00:00Z","author_id":55,"via":{"channel":"web"},"events":[
{"id":1,"type":"Create","field_name":"status","value":"new"},{"id":2,"type":"Comment","author_id":55,"body":"hi","public":true},
{"id":3,"type":"Create","field_name":"subject","value":"secret"},{"id":4,"type":"Change","field_name":"group_id","value":"2","previous_value":null}]}
{"id":10,"ticket_id":7,"created_at":"2026-01-01T10:00:01Z","author_id":-1,"via":{"channel":"rule"},"events":[
{"id":5,"type":"Create","field_name":"first_reply_time","value":{"minutes":240,"in_business_hours":false}},
{"id":6,"type":"ScheduleAssignment","previous_schedule_id":null,"new_schedule_id":2},{"id":"x7","type":"Comment","author_id":-1,"public":false}]}
"#
    .replace(",\n", ",")
    .replace("[\n", "[");
    let staged = stage("name = 'z'\npath = 'a.jsonl'\npreset = 'zendesk.ticket_audits'", &lines);
    let events = |name| column(&staged, Entity::TicketEvents, name);
    assert_eq!(events("event_id"), ["1", "4", "5", "6"]);
    assert_eq!(events("field"), ["status", "team", "sla_first_reply", "schedule"]);
    assert_eq!(events("value"), ["new", "2", "240", "2"]);
    assert_eq!(events("item_number"), ["1", "4", "1", "2"]);
    assert_eq!(events("actor_id"), ["55", "55", "-1", "-1"]);
    assert_eq!(events("is_automated"), ["false", "false", "true", "true"]);
    let messages = |name| column(&staged, Entity::Messages, name);
    assert_eq!(messages("sequence"), ["2", "-"]);
    assert_eq!(messages("is_public"), ["true", "false"]);
    assert_eq!(messages("author_kind"), ["-", "system"]);
    assert_eq!(staged.totals[0].read, 4);
}

#[test]
fn zendesk_tickets_users_and_ratings() {
    let tickets = r#"[{"id":1,"created_at":"2026-01-01T10:00:00Z","status":"Solved","via":{"channel":"Web"},"tags":["vip","closed_by_merge"],
        "subject":"¿Dónde está mi pedido?","satisfaction_rating":{"score":"goodwithcomment"},"requester_id":5},
        {"id":2,"created_at":"2026-01-01T10:00:00Z","status":"lost","tags":["spam"],"satisfaction_rating":null}]"#;
    let staged = stage("name = 'z'\npath = 'a.json'\npreset = 'zendesk.tickets'", tickets);
    let ticket = |name| column(&staged, Entity::Tickets, name).remove(0);
    assert_eq!((ticket("status"), ticket("channel")), ("solved".into(), "web".into()));
    assert_eq!(
        (ticket("is_merged"), ticket("is_spam")),
        ("true".into(), "false".into())
    );
    assert_eq!(
        (ticket("contact_reason"), ticket("csat_label")),
        ("wismo".into(), "good".into())
    );
    assert_eq!(quarantine(&staged), ["2.0 status unknown_value lost"]);

    let users = r#"{"users":[{"id":1,"role":"agent","name":"Eva","email":"eva@shop.example"},{"id":2,"role":"end-user","email":"not one"}]}"#;
    let staged = stage("name = 'z'\npath = 'a.json'\npreset = 'zendesk.users'", users);
    assert_eq!(column(&staged, Entity::Customers, "customer_source_id"), ["1", "2"]);
    assert_eq!(column(&staged, Entity::Customers, "contact_hash")[1], "-");
    assert_eq!(column(&staged, Entity::Agents, "agent_name"), ["Eva"]);

    let ratings = r#"{"id":1,"ticket_id":7,"score":"offered","created_at":"2026-01-01T10:00:00Z","updated_at":"2026-01-02T10:00:00Z"}
{"id":2,"ticket_id":8,"score":"bad","created_at":"2026-01-01T10:00:00Z","updated_at":"2026-01-02T10:00:00Z"}"#;
    let staged = stage(
        "name = 'z'\npath = 'a.json'\npreset = 'zendesk.satisfaction_ratings'",
        ratings,
    );
    assert_eq!(column(&staged, Entity::Surveys, "label"), ["-", "bad"]);
    assert_eq!(
        column(&staged, Entity::Surveys, "answered_at"),
        ["-", "2026-01-02 10:00:00"]
    );
}

#[test]
fn a_file_of_ones_own_is_mapped_without_code() {
    let toml = r#"
        name = "cdnow"
        path = "cdnow.csv"
        system = "shop"
        time_zone = "America/New_York"
        [[entity]]
        name = "orders"
        where_not = { kind = ["return"] }
        [entity.fields]
        order_id = { template = "{customer_id}-{date}-{#}" }
        created_at = { path = "date", formats = ["%d/%m/%Y %H:%M", "iso"] }
        total_amount = { path = "Amount.2", decimal = ",", null = ["x"] }
        fulfillment_status = { path = "state", map = { done = "fulfilled", "?" = "" }, map_default = "unfulfilled" }
        is_test = { path = "labels", contains = ["test"] }
    "#;
    let csv = "Customer_ID;date;kind;Amount;Amount;state;labels;new column\n\
               00001;29/2/2016 1:16;sale;;1.234,50;Done;vip, Test;1\n\
               00002;29/2/2016 1:16;RETURN;;9;Done;;1\n\
               00003;1997-01-01;sale;;x;open;testing;1\n";
    let staged = stage(toml, csv);
    let orders = |name| column(&staged, Entity::Orders, name);
    assert_eq!(orders("order_id"), ["00003-1997-01-01-3", "00001-29/2/2016 1:16-1"]);
    assert_eq!(orders("created_at"), ["1997-01-01 05:00:00", "2016-02-29 06:16:00"]);
    assert_eq!(orders("total_amount"), ["-", "1234.5000"]);
    assert_eq!(orders("fulfillment_status"), ["unfulfilled", "fulfilled"]);
    assert_eq!(orders("is_test"), ["false", "true"]);
    assert_eq!(staged.records_read, 2);
}

#[test]
fn faults_of_files_say_what_to_do() {
    let message = fault(ORDERS, "order_id,created at,total_amount\n1,2026-01-01,2\n");
    assert_eq!(
        message,
        "in/file: the required column `created_at` is missing; did you mean `created at`? the file has: order_id, \
         created at, total_amount (column `created_at`); correct the mapping's path, or deliver the column"
    );
    assert!(fault(ORDERS, "").contains("the file is empty"));
    assert!(fault(ORDERS, "order_id,created_at\n1,2026-01-01\n2").contains("cut: its last row has 1 of 2 cells"));
    assert!(fault(ORDERS, "order_id,created_at\n1,\"2026-01-01\n2,2026-01-01\n").contains("never closed"));
    let audits = "name = 'z'\npath = 'a.jsonl'\npreset = 'zendesk.ticket_audits'";
    assert!(fault(audits, "{\"id\":1}\n{\"id\":2,\"ev").contains("the file is cut"));
    assert!(fault(audits, "[{\"id\":1},{\"id\":").contains("the file is cut"));
    assert!(fault(audits, "hello").contains("not JSON: line 1"));
    let latin = try_stage(&source(ORDERS), b"order_id,created_at\n\xf1,2026-01-01\n").unwrap_err();
    assert!(latin.to_string().contains("windows-1252"), "{latin}");
}

#[test]
fn files_without_records_are_fine() {
    assert_eq!(stage(ORDERS, "order_id,created_at\n").records_read, 0);
    let allow = format!("{ORDERS}\nallow_empty = true");
    assert_eq!(stage(&allow, "").records_read, 0);
    assert_eq!(
        stage("name = 'z'\npath = 'a.json'\npreset = 'zendesk.users'", "[]").records_read,
        0
    );
    assert_eq!(
        stage(
            "name = 'z'\npath = 'a.json'\npreset = 'zendesk.users'",
            "{\"users\":[]}"
        )
        .records_read,
        0
    );
}

#[test]
fn broken_lines_between_good_ones_are_quarantined() {
    let users = "name = 'z'\npath = 'a.jsonl'\npreset = 'zendesk.users'";
    let staged = stage(users, "{\"id\":1}\n{\"id\":2,\n\n[3]\n{\"id\":\"a\0b\"}\n{\"id\":4}");
    assert_eq!(column(&staged, Entity::Customers, "customer_source_id"), ["1", "4"]);
    assert_eq!(
        quarantine(&staged),
        ["2.0  invalid_json -", "3.0  not_an_object -", "4.0  nul_byte -"]
    );
    assert_eq!(column(&staged, Entity::Customers, "record_number"), ["1", "5"]);
    let staged = stage(users, "{\"id\":1,\n{\"id\":2}\n");
    assert_eq!(quarantine(&staged), ["1.0  invalid_json -"]);
    let staged = stage(ORDERS, "order_id,created_at\na\0,2026-01-01\nb,2026-01-01\n");
    assert_eq!(quarantine(&staged), ["1.0  nul_byte -"]);
}

#[test]
fn numbers_of_records_are_the_same_however_a_file_is_cut() {
    let mut csv = String::from("order_id,created_at,order_name\n");
    let mut json = String::new();
    for i in 1..=40_000 {
        csv.push_str(&format!("{i},2026-01-01T10:00:00Z,\"two\n{}\"\n", "x".repeat(i % 20)));
        json.push_str(&format!("{{\"id\":{i},\"name\":\"{}\"}}\n", "x".repeat(i % 40)));
    }
    let staged = stage(ORDERS, &csv);
    assert_eq!(
        column(&staged, Entity::Orders, "record_number"),
        column(&staged, Entity::Orders, "order_id")
    );
    let blank = csv.replace("\n777,", "\n\n\n777,");
    let staged = stage(ORDERS, &blank);
    assert_eq!(
        column(&staged, Entity::Orders, "record_number"),
        column(&staged, Entity::Orders, "order_id")
    );
    let staged = stage("name = 'z'\npath = 'a.jsonl'\npreset = 'zendesk.users'", &json);
    let ids = column(&staged, Entity::Customers, "customer_source_id");
    assert_eq!(column(&staged, Entity::Customers, "record_number"), ids);
    assert_eq!(ids.len(), 40_000);
}

#[test]
fn parquet_is_read_as_text() {
    use polars::prelude::*;
    let ids = Column::new("order_id".into(), ["007", "8"]);
    let totals = Column::new("total_amount".into(), [12.62, 3.0]);
    let at = Column::new("created_at".into(), [1_767_261_600_000_000_i64, 1_767_261_600_000_000]);
    let at = at.cast(&DataType::Datetime(TimeUnit::Microseconds, None)).unwrap();
    let mut frame = DataFrame::new_infer_height(vec![ids, totals, at]).unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
    let source = source(&ORDERS.replace("o.csv", "o.parquet"));
    let staged = try_stage(&source, &bytes).unwrap();
    assert_eq!(column(&staged, Entity::Orders, "order_id"), ["007", "8"]);
    assert_eq!(column(&staged, Entity::Orders, "total_amount"), ["12.6200", "3.0000"]);
    assert_eq!(column(&staged, Entity::Orders, "created_at")[0], "2026-01-01 09:00:00");
    assert!(try_stage(&source, &bytes[..bytes.len() - 9]).is_err());
}

#[test]
fn all_faults_of_a_source_are_told_at_once() {
    let told = faults(
        "preset = 'canonical.orders'\npath = 'a/{day}.csv'\ntime_zone = 'Madrid'\ndelimiter = ';;'\n\
         [[entity]]\nname = 'orders'\nfields = { ordr_id = 'x', created_at = { path = 'd', format = 'dd/mm' } }",
    );
    let keys: Vec<&str> = told.iter().map(|fault| fault.split(": ").next().unwrap()).collect();
    let expected = [
        "source[0].name",
        "source[0].path",
        "source[0].system",
        "source[0].time_zone",
        "source[0].delimiter",
        "source[0].entity[0].fields.ordr_id",
        "source[0].entity[0].fields.created_at",
    ];
    assert_eq!(keys, expected, "{told:?}");
    assert!(faults("name='a'\npath='a.csv'\npreset='zendesk.ticket'")[0].contains("zendesk.tickets"));
}

#[test]
fn a_level_is_one_per_product_place_and_day() {
    let staged = stage(
        "name = 'i'\npath = 'i.csv'\nsystem = 'erp'\npreset = 'canonical.inventory_levels'",
        "product_id,location_id,level_date,updated_at,available_quantity\n\
         7,,2026-01-30,2026-01-30T20:00:00Z,4\n\
         7,,2026-01-30,2026-01-30T08:00:00Z,9\n\
         7,,2026-01-31,,-1\n\
         7,north,2026-01-31,,3\n\
         7,north,,,3\n",
    );
    let get = |name| column(&staged, Entity::InventoryLevels, name);
    assert_eq!(get("available_quantity"), ["4", "-1", "3"]);
    assert_eq!(get("location_id"), ["all", "all", "north"]);
    assert_eq!(get("level_date"), ["2026-01-30", "2026-01-31", "2026-01-31"]);
    assert_eq!(quarantine(&staged), ["5.0 level_date missing -"]);
    assert_eq!(
        (staged.totals[0].duplicates, staged.last_date),
        (1, "2026-01-30".parse().ok())
    );
}

#[test]
fn rates_are_exact_to_millionths() {
    let staged = stage(
        "name = 'r'\npath = 'r.csv'\nsystem = 'bank'\npreset = 'canonical.fx_rates'",
        "rate_date,from_currency,to_currency,rate\n\
         2026-01-30,usd,eur,0.923361\n\
         2026-01-30,GBP,EUR,1.2\n\
         2026-01-30,USD,MXN,17\n\
         2026-01-30,JPY,EUR,0.0061423\n\
         2026-01-30,EUR,EUR,0\n",
    );
    let get = |name| column(&staged, Entity::FxRates, name);
    assert_eq!(get("rate_millionths"), ["923361", "1200000", "17000000"]);
    assert_eq!(get("from_currency"), ["USD", "GBP", "USD"]);
    assert_eq!(
        quarantine(&staged),
        ["4.0 rate too_precise 0.0061423", "5.0 rate out_of_range 0"]
    );
}

#[test]
fn texts_and_comments_are_not_staged() {
    let staged = stage(
        "name = 's'\npath = 's.csv'\nsystem = 'asks'\npreset = 'canonical.surveys'",
        "survey_id,kind,score,comment,sentiment_score,vendor_sentiment_score\n\
         1,thank_you,,,,\n\
         2,nps,9,Muy buen trato de Ana Paz,0.5,87\n\
         3,ces,2,Ana Paz,1.5,\n\
         4,csat,1,Un servicio horrible Ana Paz,,\n",
    );
    let get = |name| column(&staged, Entity::Surveys, name);
    assert_eq!(get("kind"), ["thank_you", "nps", "csat"]);
    let scores = get("sentiment_score");
    assert_eq!(scores[..2], ["-", "0.5000"]);
    assert!(scores[2].starts_with("-0."), "{}", scores[2]);
    assert_eq!(get("vendor_sentiment_score"), ["-", "87.0000", "-"]);
    assert_eq!(quarantine(&staged), ["3.0 sentiment_score out_of_range -"]);
    for table in &staged.tables {
        assert!(!format!("{:?}", table.frame).contains("Paz"), "{}", table.entity.name());
    }
}

#[test]
fn presets_are_sound_and_can_be_extended() {
    for name in presets::names() {
        let format = if name.starts_with("canonical") {
            "a.parquet"
        } else {
            "a"
        };
        let toml = format!("name = 'a'\npath = '{format}'\nsystem = 's'\npreset = '{name}'");
        source(&toml);
    }
    let plain = "name = 'z'\npath = 'a.json'\npreset = 'zendesk.tickets'";
    let own = format!("{plain}\n[[entity]]\nname = 'tickets'\nfields = {{ country = 'custom_fields[id=360].value' }}");
    let ticket = r#"{"id":1,"created_at":"2026-01-01","status":"open","custom_fields":[{"id":359,"value":"FR"},{"id":360,"value":"ES"}]}"#;
    assert_eq!(column(&stage(&own, ticket), Entity::Tickets, "country"), ["ES"]);
    assert_ne!(source(plain).fingerprint(), source(&own).fingerprint());
    let renamed = plain.replace("'z'", "'y'").replace("a.json", "b.json");
    assert_eq!(source(plain).fingerprint(), source(&renamed).fingerprint());
    let zoned = format!("{plain}\ntime_zone = 'UTC'");
    assert_ne!(source(plain).fingerprint(), source(&zoned).fingerprint());
}

/// The tables of `docs/mapping.md` are written from the entities.
fn layout() -> String {
    let mut text = String::new();
    for entity in Entity::ALL.into_iter().filter(|entity| entity.is_mapped()) {
        let anchors: Vec<String> = entity.anchors().iter().map(|name| format!("`{name}`")).collect();
        let keys: Vec<String> = entity.key().iter().map(|name| format!("`{name}`")).collect();
        text.push_str(&format!(
            "### {}\n\n{} Key: {}. Month: by {}.\n\n| field | type | meaning |\n|---|---|---|\n",
            entity.name(),
            entity.about(),
            keys.join(", "),
            anchors.join(", else ")
        ));
        for field in entity.mapped_fields() {
            let kind = match field.kind {
                entity::Kind::Enum(words) => words.join(", "),
                entity::Kind::Input => "text, not staged".to_owned(),
                entity::Kind::Millionths => format!("a factor, staged as `{}` BIGINT", field.column()),
                entity::Kind::InputList => "texts, not staged".to_owned(),
                kind => entity::sql_type(&kind.data_type()).to_owned(),
            };
            let needed = if field.required { " (required)" } else { "" };
            text.push_str(&format!("| `{}`{needed} | {kind} | {} |\n", field.name, field.about));
        }
        text.push('\n');
    }
    text
}

#[test]
fn the_document_has_the_layout_of_the_entities() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/mapping.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (start, end) = ("<!-- layout -->\n", "<!-- /layout -->");
    let (before, rest) = text.split_once(start).unwrap();
    let (written, after) = rest.split_once(end).unwrap();
    if std::env::var_os("WRITE_DOCS").is_some() {
        std::fs::write(path, format!("{before}{start}\n{}{end}{after}", layout())).unwrap();
        return;
    }
    assert_eq!(
        written.trim(),
        layout().trim(),
        "run the test with WRITE_DOCS=1 to rewrite docs/mapping.md"
    );
}
