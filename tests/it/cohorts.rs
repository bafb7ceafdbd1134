//! Cohorts of a file that no preset knows: a mapping in the job file, and every cell worked out by hand.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};

use super::program::Project;
use super::warehouse::table;

/// A purchase list as an old shop system prints it: day and month swapped, money with a comma, no order number.
const JOB: &str = r#"
[[source]]
name = "purchases"
path = "purchases.csv"
system = "till"
delimiter = ";"

[[source.entity]]
name = "orders"
[source.entity.fields]
order_id = { template = "{Cliente}-{Fecha}-{Importe}" }
created_at = { path = "Fecha", format = "%d/%m/%Y" }
gross_amount = { path = "Importe", decimal = "," }
customer_id = "Cliente"
"#;

/// Fifteen purchases of six customers:
///
/// | customer | January   | February | March    | April | May |
/// |----------|-----------|----------|----------|-------|-----|
/// | 1        | 10 + 5    |          | 20       |       | 7   | twice in one month, absent, back
/// | 2        | 30        | 10       |          |       |     |
/// | 3        | 12.5      |          |          |       |     |
/// | 4        |           | 8 + 8    | 1        |       | 2   |
/// | 5        |           | 100      |          |       | 50  | bought on the month's last day
/// | 6        |           |          |          |       | 9   |
///
/// Nobody bought in April.
const PURCHASES: &str = "\
Cliente;Fecha;Importe
1;02/01/2025;10,00
1;28/01/2025;5,00
2;15/01/2025;30,00
3;31/01/2025;12,50
2;01/02/2025;10,00
4;03/02/2025;8,00
4;20/02/2025;8,00
5;28/02/2025;100,00
1;01/03/2025;20,00
4;31/03/2025;1,00
1;05/05/2025;7,00
4;06/05/2025;2,00
5;07/05/2025;50,00
6;08/05/2025;9,00
6;31/05/2025;0,00
";

fn purchases() -> Project {
    let project = Project::with_job(JOB);
    project.write("purchases.csv", PURCHASES);
    project
}

#[test]
fn cohort_counts_retention_and_money_equal_those_worked_out_by_hand() {
    let project = purchases();
    let summary = project.run(&["--json"]).exits(0).json();
    assert_eq!(summary["rows"]["accepted"], 15);
    assert_eq!(
        summary["watermark"], "2025-05-31",
        "no date in the path: the newest row's day"
    );

    let columns = [
        "cohort_month",
        "months_since",
        "cohort_size",
        "customers",
        "orders",
        "gross_amount",
        "cumulative_net_amount",
    ];
    let mut cells = table(&project.warehouse(), "marts/cohort_retention").rows_where("segment_kind", "all", &columns);
    cells.sort();
    // Customer 1 counts once in January. A past cell nobody is in is 0; a future one is absent.
    let expected = [
        ["2025-01-01", "0", "3", "3", "4", "57.5000", "57.5000"],
        ["2025-01-01", "1", "3", "1", "1", "10.0000", "67.5000"],
        ["2025-01-01", "2", "3", "1", "1", "20.0000", "87.5000"],
        ["2025-01-01", "3", "3", "0", "0", "0.0000", "87.5000"],
        ["2025-01-01", "4", "3", "1", "1", "7.0000", "94.5000"],
        ["2025-02-01", "0", "2", "2", "3", "116.0000", "116.0000"],
        ["2025-02-01", "1", "2", "1", "1", "1.0000", "117.0000"],
        ["2025-02-01", "2", "2", "0", "0", "0.0000", "117.0000"],
        ["2025-02-01", "3", "2", "2", "2", "52.0000", "169.0000"],
        ["2025-05-01", "0", "1", "1", "2", "9.0000", "9.0000"],
    ];
    assert_eq!(cells, expected);

    let retention = table(&project.warehouse(), "marts/cohort_retention");
    let rates = retention.rows_where(
        "segment_kind",
        "all",
        &[
            "cohort_month",
            "months_since",
            "retention",
            "cumulative_net_per_customer",
        ],
    );
    for row in rates {
        let cell = expected
            .iter()
            .find(|cell| cell[0] == row[0] && cell[1] == row[1])
            .unwrap();
        let (size, customers): (f64, f64) = (cell[2].parse().unwrap(), cell[3].parse().unwrap());
        assert_eq!(row[2].parse::<f64>().unwrap(), customers / size, "{row:?}");
        assert_eq!(
            row[3].parse::<f64>().unwrap(),
            cell[6].parse::<f64>().unwrap() / size,
            "{row:?}"
        );
    }
}

#[test]
fn new_and_lost_customers_equal_those_worked_out_by_hand() {
    let project = purchases();
    // A customer is active for 31 days after an order.
    project.edit(
        "job.toml",
        "[[source]]",
        "[settings]\nactive_window_days = 31\n[[source]]",
    );
    project.run(&[]).exits(0);
    let columns = [
        "month_start",
        "customers_at_start",
        "customers_at_end",
        "first_time_customers",
        "reactivated_customers",
        "retained_customers",
        "lost_customers",
    ];
    let rows = table(&project.warehouse(), "marts/retention_rate").rows_where("segment_kind", "all", &columns);
    // At the start of a month: ordered in the 31 days before it. At the end: in the last 31 days, the last one included.
    assert_eq!(
        rows,
        [
            // Nobody, then 1, 2 and 3 (the window at the end is 1 to 31 January).
            ["2025-01-01", "0", "3", "3", "0", "0", "0"],
            // Start: 1, 2, 3. End, from 29 January: 2 and 3 (on 31 January), 4 and 5. Lost: 1.
            ["2025-02-01", "3", "4", "2", "0", "2", "1"],
            // Start, from 29 January: 2, 3, 4, 5. End, from 1 March: 1 (back) and 4.
            ["2025-03-01", "4", "2", "0", "1", "1", "3"],
            // Start, from 1 March: 1 and 4. End, from 31 March: 4 (on that very day).
            ["2025-04-01", "2", "1", "0", "0", "1", "1"],
            // Start, from 31 March: 4. End: 1 and 5 are back, 6 is new, 4 stayed.
            ["2025-05-01", "1", "4", "1", "2", "1", "0"],
        ]
    );
}

/// The same purchases by month, each in a file of its own, loaded backwards: the cohorts of the first file are revised.
#[test]
fn purchases_that_come_late_move_their_customers_to_an_earlier_cohort() {
    let whole = purchases();
    whole.run(&[]).exits(0);
    let project = Project::with_job(&JOB.replace("purchases.csv", "purchases-*.csv"));
    for month in ["05", "03", "02", "01"] {
        let rows: Vec<&str> = PURCHASES
            .lines()
            .filter(|row| row.contains(&format!("/{month}/2025;")))
            .collect();
        project.write(
            &format!("purchases-{month}.csv"),
            &format!("Cliente;Fecha;Importe\n{}\n", rows.join("\n")),
        );
        project.run(&[]).exits(0);
    }
    for mart in [
        "marts/cohort_retention",
        "marts/retention_rate",
        "facts/customer_months",
        "facts/customer_first_orders",
    ] {
        let [got, expected] = [&project, &whole].map(|project| table(&project.warehouse(), mart).0);
        assert!(got.equals_missing(&expected), "{mart}: {got} instead of {expected}");
    }
}

/// Purchases of 2024 that look random, and the customers of every week, month and quarter counted one by one.
#[test]
fn retention_of_random_purchases_is_what_a_naive_count_gives() {
    const WINDOW: i64 = 100;
    let day = |number: i64| NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + TimeDelta::days(number);
    let mut orders: Vec<(i64, i64)> = Vec::new();
    let mut csv = String::from("order_id,created_at,total_amount,financial_status,customer_id\n");
    for number in 0..240_i64 {
        let hash = blake3::hash(&number.to_le_bytes());
        let random = |at: usize, below: i64| {
            i64::from(u16::from_le_bytes([hash.as_bytes()[at], hash.as_bytes()[at + 1]])) % below
        };
        let (on, customer) = (random(0, 366), random(2, 60));
        orders.push((on, customer));
        csv += &format!("o{number},{}T10:00:00Z,10,paid,c{customer}\n", day(on));
    }
    // Somebody buys on the last day, so that every period is complete.
    orders.push((365, 99));
    csv += "last,2024-12-31T10:00:00Z,10,paid,c99\n";
    let project = Project::with_job(&format!(
        "[settings]\nactive_window_days = {WINDOW}\n[[source]]\nname = \"orders\"\npreset = \"canonical.orders\"\n\
         path = \"orders.csv\"\nsystem = \"shop\"\n"
    ));
    project.write("orders.csv", &csv);
    project.run(&[]).exits(0);

    let active = |before: i64| -> BTreeSet<i64> {
        let within = orders.iter().filter(|(on, _)| (before - WINDOW..before).contains(on));
        within.map(|(_, customer)| *customer).collect()
    };
    let counts = [
        "customers_at_start",
        "customers_at_end",
        "new_customers",
        "retained_customers",
    ];
    let mut seen = 0;
    for (mart, start) in [
        ("marts/retention_rate", "month_start"),
        ("marts/retention_periods", "period_start"),
    ] {
        let columns = [&[start, "period_end"][..], &counts].concat();
        for row in table(&project.warehouse(), mart).rows_where("segment_kind", "all", &columns) {
            let number = |text: &str| (text.parse::<NaiveDate>().unwrap() - day(0)).num_days();
            let (from, to) = (active(number(&row[0])), active(number(&row[1]) + 1));
            let naive = [
                from.len(),
                to.len(),
                to.difference(&from).count(),
                to.intersection(&from).count(),
            ];
            assert_eq!(row[2..], naive.map(|count| count.to_string()), "{mart}: {row:?}");
            seen += 1;
        }
    }
    assert!(seen >= 12 + 4 + 50, "{seen}");
}
