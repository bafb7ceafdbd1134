use super::*;
use crate::job::Job;

/// A schedule of Madrid office hours, 09:00-18:00 from Monday to Friday, closed on 2024-08-15.
fn parameters() -> Parameters {
    with_settings("")
}

fn with_settings(settings: &str) -> Parameters {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("job.toml");
    std::fs::write(
        &path,
        r#"
        job = { name = "t", time_zone = "Europe/Madrid", currency = "EUR", warehouse = "wh" }
        settings = { SETTINGS }
        [[schedule]]
        id = "1"
        hours = { mon = ["09:00-18:00"], tue = ["09:00-18:00"], wed = ["09:00-18:00"], thu = ["09:00-18:00"], fri = ["09:00-18:00"] }
        holidays = ["2024-08-15"]
        [[schedule]]
        id = "2"
        hours = { sat = ["00:00-24:00"], sun = ["00:00-24:00"] }
        [[source]]
        name = "tickets"
        preset = "zendesk.tickets"
        path = "tickets.jsonl"
        "#
        .replace("SETTINGS", settings),
    )
    .unwrap();
    let job = Job::load(&path).unwrap();
    let days = Some((Month::parse("2024-09").unwrap(), "2024-11-15".parse().unwrap()));
    Parameters::new(
        &job.settings,
        &job.schedules,
        &job.sla,
        &job.targets,
        job.time_zone,
        days,
    )
}

fn clock(frame: &DataFrame, schedule: &str, epoch: i64) -> i64 {
    let day = epoch.div_euclid(DAY_SECONDS);
    let text = |name: &str| frame.column(name).unwrap().str().unwrap().clone();
    let int = |name: &str| frame.column(name).unwrap().i64().unwrap().clone();
    let (ids, days, from, to, base) = (
        text("schedule_id"),
        int("utc_day"),
        int("open_from_epoch"),
        int("open_to_epoch"),
        int("day_clock_seconds"),
    );
    let rows: Vec<usize> = (0..frame.height())
        .filter(|i| ids.get(*i) == Some(schedule) && days.get(*i) == Some(day))
        .collect();
    let open: i64 = rows
        .iter()
        .map(|i| (epoch - from.get(*i).unwrap()).clamp(0, to.get(*i).unwrap() - from.get(*i).unwrap()))
        .sum();
    base.get(rows[0]).unwrap() + open
}

fn at(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text).unwrap().timestamp()
}

#[test]
fn business_time_is_the_difference_of_two_clocks() {
    let frame = parameters().table("schedule_clock", &[]).unwrap();
    let between = |schedule: &str, a: &str, b: &str| clock(&frame, schedule, at(b)) - clock(&frame, schedule, at(a));
    // Friday 17:00 to Monday 10:00, local: one hour and one hour.
    assert_eq!(between("1", "2024-09-06T15:00:00Z", "2024-09-09T08:00:00Z"), 2 * 3600);
    // Over the holiday of Thursday 2024-08-15: Wednesday 17:30 to Friday 09:10.
    assert_eq!(between("1", "2024-08-14T15:30:00Z", "2024-08-16T07:10:00Z"), 40 * 60);
    // The weekend of the clock change has 49 hours.
    assert_eq!(between("2", "2024-10-25T22:00:00Z", "2024-10-27T23:00:00Z"), 49 * 3600);
    // Nothing passes inside closed time, and a second inside open time is a second.
    assert_eq!(between("1", "2024-09-07T00:00:00Z", "2024-09-07T23:59:59Z"), 0);
    assert_eq!(between("1", "2024-09-09T07:00:00Z", "2024-09-09T07:00:01Z"), 1);
}

#[test]
fn dates_end_at_the_watermark_and_know_their_length() {
    let parameters = parameters();
    assert_eq!(parameters.months().len(), 3);
    let frame = parameters.table("dates", &parameters.months()).unwrap();
    assert_eq!(frame.height(), 30 + 31 + 15);
    let int = |name: &str| frame.column(name).unwrap().i64().unwrap().clone();
    let (start, end) = (int("start_epoch"), int("end_epoch"));
    let october_27 = 30 + 26;
    assert_eq!(end.get(october_27).unwrap() - start.get(october_27).unwrap(), 25 * 3600);
    assert_eq!(start.get(0).unwrap(), at("2024-08-31T22:00:00Z"));
    let monday = frame.column("week_start").unwrap().get(october_27).unwrap().to_string();
    assert_eq!(monday, "2024-10-21");
}

/// 2024-10-27 is a Sunday.
#[test]
fn weeks_start_on_the_day_of_the_setting() {
    for (first, starts, ends) in [
        ("monday", "2024-10-21", "2024-10-27"),
        ("sunday", "2024-10-27", "2024-11-02"),
        ("saturday", "2024-10-26", "2024-11-01"),
    ] {
        let parameters = with_settings(&format!("week_starts_on = \"{first}\""));
        let frame = parameters.table("dates", &parameters.months()).unwrap();
        let october_27 = 30 + 26;
        let day = |name: &str| frame.column(name).unwrap().get(october_27).unwrap().to_string();
        assert_eq!(
            (day("week_start"), day("week_end")),
            (starts.into(), ends.into()),
            "{first}"
        );
        // Every seven days the number is one more, and only then.
        let numbers = frame.column("week_number").unwrap().i64().unwrap();
        let numbers: Vec<i64> = numbers.iter().flatten().collect();
        let new = |day: &usize| numbers[*day] != numbers[day - 1];
        let changes: Vec<usize> = (1..numbers.len()).filter(new).collect();
        assert!(
            changes.windows(2).all(|pair| pair[1] - pair[0] == 7),
            "{first}: {changes:?}"
        );
        assert_eq!(numbers.last().unwrap() - numbers[0], changes.len() as i64, "{first}");
        let is_start = frame.column("week_start").unwrap().get(changes[0]).unwrap();
        assert_eq!(
            is_start,
            frame.column("date").unwrap().get(changes[0]).unwrap(),
            "{first}"
        );
    }
}
