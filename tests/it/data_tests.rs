//! Every data test can fail: a model that is spoiled in one place makes the test of that place fail. What was published
//! stays, byte for byte, and is what comes back when the model is right again.

use std::sync::Arc;

use object_store::memory::InMemory;
use postventa::build::{Options, Summary};
use postventa::error::{Error, Result, exit};

use super::program::Project;
use super::shop::{self, Files, Shop, Tables};
use super::warehouse::{assert_same, published};

/// A shop with two months, built, whose conversations are followed by orders.
struct Built {
    shop: Shop,
    warehouse: Arc<InMemory>,
    before: Tables,
}

fn built() -> Built {
    let shop = Shop::new(&exports());
    shop.edit("conversion_window_days = 3", "conversion_window_days = 27");
    build(shop)
}

fn build(shop: Shop) -> Built {
    let warehouse = Arc::new(InMemory::new());
    shop.run(warehouse.clone(), &Options::default()).unwrap();
    let before = shop::tables(&warehouse);
    Built {
        shop,
        warehouse,
        before,
    }
}

fn exports() -> Files {
    shop::exports(2, "2025-01-26", 12, 4.0)
}

impl Built {
    fn run(&self) -> Result<Summary> {
        self.shop.run(self.warehouse.clone(), &Options::default())
    }

    /// A run that fails in data tests, each told in a line that begins with its name.
    #[track_caller]
    fn fails(&self, what: &str) -> Vec<String> {
        let error = self.run().expect_err(what);
        assert_eq!(error.exit_code(), exit::DATA_REFUSED, "{what}: {error}");
        let Error::DataTest(failures) = error else {
            panic!("{what}: {error}");
        };
        assert_same(what, &shop::tables(&self.warehouse), &self.before);
        failures
    }

    /// Spoils a model in one place; every failure is of the test named and says what it should.
    #[track_caller]
    fn spoiled(&self, path: &str, from: &str, to: &str, test: &str, says: &[&str]) {
        self.shop.own_model(path, from, to);
        let what = format!("{path}: {from:?} -> {to:?}");
        let failures = self.fails(&what);
        // Others may notice it, too.
        let own = format!("{test} ");
        assert!(
            failures.iter().any(|failure| failure.starts_with(&own)),
            "{what}: {failures:?}"
        );
        for part in says {
            assert!(
                failures.iter().any(|failure| failure.contains(part)),
                "{what}: {part:?} in {failures:?}"
            );
        }
        self.shop.drop_model(path);
    }
}

#[test]
fn each_reconciliation_fails_when_its_tables_differ() {
    let built = built();
    let spoiled =
        |path: &str, from: &str, to: &str, test: &str, says: &[&str]| built.spoiled(path, from, to, test, says);
    // Every accepted ticket once in fct_tickets.
    spoiled(
        "facts/fct_tickets.sql",
        "WHERE t.is_counted",
        "WHERE t.is_counted AND t.status <> 'solved'",
        "tickets_are_counted_once",
        &[
            "row(s): system=\"zendesk\", ticket_id=",
            "problem=\"counted, but not in fct_tickets\"",
        ],
    );
    spoiled(
        "facts/fct_tickets.sql",
        "t.ticket_id AS ticket_id,",
        "CONCAT(t.ticket_id, 'x') AS ticket_id,",
        "tickets_are_counted_once",
        &["in fct_tickets, but does not count", "counted, but not in fct_tickets"],
    );
    // The same number of tickets in fct_tickets and in the days.
    spoiled(
        "marts/service_daily.sql",
        "CASE WHEN measure = 'created' THEN items ELSE 0 END",
        "CASE WHEN measure = 'created' THEN items + 1 ELSE 0 END",
        "days_add_up_to_tickets",
        &["date=2025-01-", "tickets_in_days="],
    );
    // Backlog(today) = backlog(yesterday) + created + reopened - gone: within a month, and over its end.
    spoiled(
        "marts/backlog_daily.sql",
        "    gone,\n    backlog\nFROM stock",
        "    gone,\n    backlog + created AS backlog\nFROM stock",
        "backlog_adds_up",
        &["backlog_adds_up 2025-01", "backlog_before="],
    );
    spoiled(
        "marts/backlog_daily.sql",
        "CASE WHEN c.date < m.first_date THEN c.net ELSE 0 END",
        "CASE WHEN c.date < m.first_date THEN c.created ELSE 0 END",
        "backlog_adds_up",
        &["backlog_adds_up 2025-02", "date=2025-02-01"],
    );
    // Orders and sales, in facts, days and cohorts.
    spoiled(
        "marts/orders_daily.sql",
        "CAST(CASE WHEN is_counted THEN 1 ELSE 0 END AS BIGINT) AS counted",
        "CAST(CASE WHEN is_counted THEN 2 ELSE 0 END AS BIGINT) AS counted",
        "sales_add_up",
        &["problem=\"orders_daily\""],
    );
    spoiled(
        "marts/orders_daily.sql",
        "CASE WHEN is_counted THEN gross_amount",
        "CASE WHEN is_counted THEN net_amount",
        "sales_add_up",
        &["problem=\"orders_daily\"", "gross_elsewhere="],
    );
    spoiled(
        "facts/customer_months.sql",
        "CAST(SUM(orders) AS BIGINT) AS orders",
        "CAST(SUM(orders + orders) AS BIGINT) AS orders",
        "sales_add_up",
        &[
            "problem=\"cohort_retention\"",
            "problem=\"cohort_retention by country\"",
        ],
    );
    spoiled(
        "facts/fct_cohort_cells.sql",
        "COALESCE(first_country, 'unknown') AS segment_value FROM customers",
        "COALESCE(first_country, 'unknown') AS segment_value FROM customers WHERE first_country <> 'ES'",
        "sales_add_up",
        &["problem=\"cohort_retention by country\""],
    );
    // Retention never above 1.
    spoiled(
        "marts/cohort_retention.sql",
        "CAST(customers AS DOUBLE) / CAST(cohort_size AS DOUBLE)",
        "CAST(customers + 1 AS DOUBLE) / CAST(cohort_size AS DOUBLE)",
        "cohort_retention",
        &[
            "retention is not between 0 and 1 in ",
            "cohort_month=2025-01-01, months_since=0",
            "retention=1.",
        ],
    );
    spoiled(
        "marts/retention_rate.sql",
        "CAST(retained_customers AS DOUBLE) / CAST(customers_at_start AS DOUBLE)",
        "CAST(customers_at_end AS DOUBLE) / CAST(customers_at_start AS DOUBLE)",
        "retention_rate",
        &[
            "retention_rate is not between 0 and 1 in ",
            "month_start=2025-02-01",
            "retention_rate=1.",
        ],
    );
    built.run().unwrap();
    assert_same(
        "with the models of the program",
        &shop::tables(&built.warehouse),
        &built.before,
    );
}

/// The checks of the tables that surveys, calls, bots, deliveries, reviews, returns and costs lead to.
#[test]
fn each_reconciliation_of_the_other_inputs_fails_when_its_tables_differ() {
    let built = build(Shop::with_all_inputs(&shop::all_exports(4, "2025-01-20", 16, 4.0)));
    let spoiled = |path: &str, from: &str, to: &str, test: &str, says: &str| {
        built.spoiled(path, from, to, test, &[says]);
    };
    spoiled(
        "marts/agent_daily.sql",
        "CASE WHEN measure = 'reply' THEN items ELSE 0 END",
        "CASE WHEN measure = 'reply' THEN items + 1 ELSE 0 END",
        "agents_add_up_to_days",
        "problem=\"replies\"",
    );
    spoiled(
        "marts/satisfaction_daily.sql",
        "CAST(SUM(p.csat_good + p.csat_bad) AS BIGINT) AS csat_answers",
        "CAST(SUM(p.csat_good + p.csat_good) AS BIGINT) AS csat_answers",
        "answers_add_up",
        "in_kinds=",
    );
    spoiled(
        "marts/satisfaction_daily.sql",
        "CAST(SUM(p.csat_good) AS BIGINT) AS csat_good",
        "CAST(SUM(p.csat_good + p.csat_bad) AS BIGINT) AS csat_good",
        "ratings_count_once",
        "service_good=",
    );
    spoiled(
        "marts/automation_daily.sql",
        "CAST(SUM(is_bot) AS BIGINT) AS bot_conversations",
        "CAST(COUNT(is_bot) AS BIGINT) AS bot_conversations",
        "bot_conversations_add_up",
        "in_mart=",
    );
    spoiled(
        "marts/contact_mix_daily.sql",
        "FROM fct_tickets AS t\n",
        "FROM (SELECT * FROM fct_tickets WHERE channel <> 'chat') AS t\n",
        "contact_mix_adds_up",
        "tickets_in_slices=",
    );
    spoiled(
        "marts/cost_daily.sql",
        "channel AS segment_value FROM parts",
        "channel AS segment_value FROM parts WHERE channel <> 'chat'",
        "costs_add_up",
        "problem=\"channels\"",
    );
    spoiled(
        "marts/delivery_daily.sql",
        "carrier AS segment_value FROM parts",
        "carrier AS segment_value FROM parts WHERE country = 'ES'",
        "deliveries_add_up",
        "segment_kind=\"carrier\"",
    );
    spoiled(
        "marts/sentiment_daily.sql",
        "CASE WHEN class = 'neutral' THEN 1 ELSE 0 END",
        "CASE WHEN class = 'negative' THEN 1 ELSE 0 END",
        "moods_add_up",
        "classes=",
    );
    spoiled(
        "marts/customer_profile.sql",
        "CAST(SUM(orders) AS BIGINT) AS orders,",
        "CAST(SUM(orders + orders) AS BIGINT) AS orders,",
        "profiles_add_up",
        "problem=\"orders\"",
    );
    spoiled(
        "marts/retention_by_service.sql",
        "satisfaction AS service, reorders FROM customer_first_service",
        "satisfaction AS service, reorders FROM customer_first_service WHERE reorders = 0",
        "service_groups_add_up",
        "service_kind=\"satisfaction\"",
    );
    spoiled(
        "marts/first_contact_daily.sql",
        "SELECT solved_date, 'channel' AS segment_kind, channel AS segment_value, is_first_contact\n    FROM solves",
        "SELECT solved_date, 'channel' AS segment_kind, channel AS segment_value, is_first_contact\n    FROM solves\n    WHERE channel <> 'email'",
        "solves_add_up_to_first_contacts",
        "segment_kind=\"channel\"",
    );
    // A flag per wait, not per ticket.
    spoiled(
        "marts/sla_daily.sql",
        "CASE WHEN p.source = 'own' AND p.status = 'met' THEN 1 ELSE 0 END AS met",
        "CASE WHEN p.source = 'own' AND p.status = 'met' THEN 2 ELSE 0 END AS met",
        "sla_counts_each_ticket_once",
        "flags=",
    );
    spoiled(
        "facts/fct_cohort_cells.sql",
        "COALESCE(first_sales_channel, 'unknown') AS segment_value FROM customers",
        "COALESCE(first_sales_channel, 'unknown') AS segment_value FROM customers WHERE orders < 2",
        "cohort_segments_add_up",
        "segment_kind=\"sales_channel\"",
    );
    spoiled(
        "marts/kpi_sums.sql",
        "INNER JOIN periods AS p ON p.date = x.date",
        "INNER JOIN periods AS p ON p.date = x.date WHERE p.period_kind <> 'month' OR p.date <> p.period_start",
        "kpis_add_up",
        "measure=",
    );
    built.run().unwrap();
    assert_same(
        "with the models of the program",
        &shop::tables(&built.warehouse),
        &built.before,
    );
}

#[test]
fn each_promise_of_a_header_fails_when_a_row_breaks_it() {
    let built = built();
    let spoiled =
        |path: &str, from: &str, to: &str, test: &str, says: &[&str]| built.spoiled(path, from, to, test, says);
    spoiled(
        "core/core_orders.sql",
        "WHERE place = newest_place",
        "",
        "core_orders",
        &[
            "another row has the same key in ",
            "row(s): system=\"shopify\", order_id=",
        ],
    );
    spoiled(
        "facts/fct_orders.sql",
        "not_null = [",
        "not_null = [\"customer_hash\", \"cancelled_at\", ",
        "fct_orders",
        &["cancelled_at is NULL in ", "row(s): system=\"shopify\", order_id="],
    );
    spoiled(
        "facts/fct_tickets.sql",
        "t.status AS status",
        "UPPER(t.status) AS status",
        "fct_tickets",
        &[
            "status is not one of new, open, ",
            "row(s): system=\"zendesk\", ticket_id=",
            "status=\"CLOSED\"",
        ],
    );
    // Every assignee of a ticket is a known agent.
    spoiled(
        "core/core_agents.sql",
        "FROM core_agent_sightings\n",
        "FROM core_agent_sightings\nWHERE agent_id IS NULL\n",
        "fct_tickets",
        &["system, agent_id is not in core_agents in ", "ticket_id=", "agent_id="],
    );
    // Both ends of a conversion.
    spoiled(
        "facts/fct_conversions.sql",
        "    p.order_id,\n",
        "    CONCAT(p.order_id, 'x') AS order_id,\n",
        "fct_conversions",
        &["order_system, order_id is not in fct_orders in "],
    );
    spoiled(
        "facts/fct_conversions.sql",
        "    p.ticket_id,\n",
        "    CONCAT(p.ticket_id, 'x') AS ticket_id,\n",
        "fct_conversions",
        &["ticket_system, ticket_id is not in fct_tickets in ", "ticket_id=\""],
    );
    built.run().unwrap();
    assert_same(
        "with the models of the program",
        &shop::tables(&built.warehouse),
        &built.before,
    );
}

/// A record whose creation moves from January to February, while the file of January stays as it is.
#[test]
fn a_record_that_stands_in_two_months_fails_its_check() {
    for (folder, check, key) in [
        ("zendesk/tickets", "tickets_are_in_one_month", "ticket_id="),
        ("shopify/orders", "orders_are_in_one_month", "order_id="),
    ] {
        let built = built();
        let files = exports();
        let (_, bytes) = files.iter().find(|(path, _)| path.starts_with(folder)).unwrap();
        let first = std::str::from_utf8(bytes).unwrap().lines().next().unwrap();
        let mut record: serde_json::Value = serde_json::from_str(first).unwrap();
        record["created_at"] = "2025-02-03T09:00:00Z".into();
        record["updated_at"] = "2025-02-20T09:00:00Z".into();
        let moved = format!("{folder}/2025-02-20.jsonl");
        built.shop.land(&moved, format!("{record}\n").as_bytes());
        let failures = built.fails(check);
        assert!(
            failures.iter().all(|failure| failure.starts_with(check)),
            "{failures:?}"
        );
        assert!(
            failures[0].contains(key) && failures[0].contains("other_date=2025-0"),
            "{failures:?}"
        );
        built.shop.remove(&moved);
        built.run().unwrap();
        assert_same(check, &shop::tables(&built.warehouse), &built.before);
    }
}

#[test]
fn a_check_that_warns_tells_and_publishes() {
    let built = built();
    built.shop.own_model(
        "facts/fct_tickets.sql",
        "t.contact_reason AS contact_reason",
        "'other' AS contact_reason",
    );
    let summary = built.run().unwrap();
    assert_eq!(summary.warnings.len(), 2, "{:?}", summary.warnings);
    for (warning, month) in summary.warnings.iter().zip(["2025-01", "2025-02"]) {
        assert!(
            warning.starts_with(&format!("reasons_are_known {month}: ")),
            "{warning}"
        );
        assert!(
            warning.contains("1 row(s): month_start=") && warning.contains("tickets_other="),
            "{warning}"
        );
    }
    assert!(summary.partitions_written > 0);
    assert_same("with warnings", &shop::tables(&built.warehouse), &built.shop.scratch());
}

/// The program tells the rows and exits 65; all failures of checks at once.
#[test]
fn the_program_exits_65_and_says_which_rows() {
    let project = Project::sample("2025-01-30", 3);
    project.run(&[]).exits(0);
    let before = published(&project.warehouse());
    project.edit("job.toml", "[job]\n", "[job]\nsql = \"sql\"\n");
    let check = |name: &str, severity: &str| {
        let text = format!(
            "/*\nabout = \"No order is ever cancelled.\"\ngrain = [\"system\", \"order_id\"]\n\
             partition = \"created_date\"\nseverity = \"{severity}\"\n[inputs]\nfct_orders = \"same\"\n[columns]\n\
             system = \"VARCHAR system\"\norder_id = \"VARCHAR order\"\ncreated_date = \"DATE day\"\n*/\n\
             SELECT system, order_id, created_date FROM fct_orders WHERE created_date IS NOT NULL\n"
        );
        project.write(&format!("sql/checks/{name}.sql"), &text);
    };
    check("first_check", "error");
    check("second_check", "error");
    project.run(&[]).exits(65).says(&[
        "data tests failed, nothing was published",
        "first_check 2025-01: No order is ever cancelled. ",
        "row(s): system=\"shopify\", order_id=\"",
        "second_check 2025-02",
    ]);
    assert_same("good data stays", &published(&project.warehouse()), &before);
    project.call("plan", &[]).run().exits(65);

    check("first_check", "warn");
    check("second_check", "warn");
    let ran = project
        .run(&["--json"])
        .exits(0)
        .says(&["first_check 2025-01", "second_check 2025-02"]);
    assert_eq!(ran.json()["warnings"].as_array().unwrap().len(), 4);
    assert_same("a warning takes nothing", &published(&project.warehouse()), &before);
}

#[test]
fn a_relationship_that_makes_no_sense_is_told() {
    let built = built();
    let told = |to: &str| {
        let from = "\"system, agent_id\" = \"core_agents\"";
        built.shop.own_model("facts/fct_tickets.sql", from, to);
        let error = built.run().expect_err(to).to_string();
        assert!(error.contains("model fct_tickets"), "{error}");
        error
    };
    assert!(
        told("\"system, helper_id\" = \"core_agents (system, agent_id)\"").contains("helper_id is named in the header")
    );
    assert!(
        told("\"system, agent_id\" = \"core_agents (system, id)\"").contains("no model core_agents has a column id")
    );
    assert!(told("\"system, agent_id\" = \"core_agents (agent_id)\"").contains("another number of columns"));
    assert!(told("\"system, agent_id\" = \"core_orders\"").contains("core_orders is not listed under inputs"));
}
