"""The peer: the job that postventa does, as SQL written by hand for DuckDB, from the same files to the same tables.

    python peer.py JOB.toml OUT

Reads what the job file says (time zone, currency, schedules) and the files below its `tickets` source, runs
peer/*.sql in the order of their names, and writes each published table to OUT/<layer>/<table>/month=YYYY-MM/*.parquet.
"""

import os
import re
import sys
import time
import tomllib
from datetime import UTC, date, datetime, time as clock_time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

# Every table of docs/tables.md, but those of single files and records: partition column, after the SQL that makes it.
PUBLISHED = {
    "20_desk_facts": {
        "fct_ticket_messages": "ticket_created_date",
        "fct_ticket_answers": "ticket_created_date",
        "fct_ticket_status": "ticket_created_date",
    },
    "30_tickets": {"fct_tickets": "created_date"},
    "40_service": {
        "fct_ticket_times": "date",
        "fct_ticket_day_parts": "date",
        "fct_backlog_changes": "date",
        "service_daily": "date",
        "service_periods": "period_start",
        "backlog_daily": "date",
    },
    "60_shop_facts": {
        "fct_order_lines": "order_created_date",
        "fct_refunds": "created_date",
        "fct_orders": "created_date",
    },
    "70_customers": {
        "customer_first_orders": "first_order_date",
        "customer_months": "activity_month",
        "fct_conversions": "ticket_created_date",
    },
    "80_shop_marts": {
        "orders_daily": "date",
        "cohort_retention": "activity_month",
        "retention_rate": "month_start",
        "contact_daily": "date",
    },
}


def main(job_file: str, out: str) -> None:
    job = tomllib.loads(Path(job_file).read_text(encoding="utf-8"))
    tickets = next(source["path"] for source in job["source"] if source["name"] == "tickets")
    data = Path(job_file).parent / Path(tickets).parent.parent.parent
    days = sorted(re.search(r"\d{4}-\d\d-\d\d", name)[0] for name in os.listdir(data / "zendesk" / "tickets"))
    first, watermark = date.fromisoformat(days[0]), date.fromisoformat(days[-1])

    with duckdb.connect() as db:
        # Rows need no order.
        db.execute("SET preserve_insertion_order = false; SET enable_progress_bar = false")
        db.execute(f"SET TimeZone = '{job['job']['time_zone']}'")
        default = next((s["id"] for s in job["schedule"] if s.get("default")), None)
        for name, value in {
            "data": str(data),
            "hash_key": os.environ.get("PEER_HASH_KEY", "benchmark"),
            "default_schedule": default,
            "currency": job["job"]["currency"],
            "watermark": watermark,
        }.items():
            db.execute(f"SET VARIABLE {name} = $value", {"value": value})
        calendar(db, job["schedule"], first, watermark)

        for path in sorted(Path(__file__).with_name("peer").glob("*.sql")):
            begun = time.monotonic()
            db.execute(path.read_text(encoding="utf-8"))
            for table, column in PUBLISHED.get(path.stem, {}).items():
                write(db, table, column, Path(out))
            print(f"{path.stem:<16} {time.monotonic() - begun:6.2f} s", file=sys.stderr)


def write(db, table: str, column: str, out: Path) -> None:
    layer = "facts" if table.startswith(("fct_", "customer_")) else "marts"
    folder = out / layer / table
    folder.mkdir(parents=True)
    db.execute(
        f"COPY (SELECT *, month_of({column}) AS month FROM {table}) TO '{folder}'"
        " (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month))"
    )


def calendar(db, schedules: list[dict], first: date, watermark: date) -> None:
    """The tables schedules, schedule_clock, dates and months."""
    db.execute("CREATE TABLE schedules AS SELECT unnest($ids) AS schedule_id", {"ids": [s["id"] for s in schedules]})
    # Tickets of the first files may be older than them; a year is far more than enough.
    rows = [row for s in schedules for row in clock_days(s, first - timedelta(366), watermark + timedelta(3))]
    columns = ["schedule_id", "utc_day", "day_clock", "from_1", "to_1", "from_2", "to_2"]
    lists = ", ".join(f"unnest(${name}) AS {name}" for name in columns)
    db.execute(f"CREATE TABLE schedule_clock AS SELECT {lists}", dict(zip(columns, map(list, zip(*rows)))))
    db.execute(
        "CREATE TABLE dates AS SELECT unnest(generate_series($first, $last, INTERVAL 1 DAY))::DATE AS date",
        {"first": first.replace(day=1), "last": watermark},
    )
    db.execute("""
        CREATE TABLE months AS
        SELECT
            date_trunc('month', date)::DATE AS month_start,
            max(date) AS period_end,
            max(date) = last_day(max(date)) AS is_complete,
            min(date) - DATE '1970-01-01' AS first_day,
            max(date) - DATE '1970-01-01' AS last_day
        FROM dates
        GROUP BY ALL
    """)


def clock_days(schedule: dict, first: date, last: date):
    """Per UTC day: the business clock at its start, and its open segments (at most two)."""
    closed = set()
    for entry in schedule.get("holidays", []):
        begin, _, end = entry.partition("..")
        day, end = date.fromisoformat(begin), date.fromisoformat(end or begin)
        while day <= end:
            closed.add(day)
            day += timedelta(1)

    zone, by_day = ZoneInfo(schedule["time_zone"]), {}
    day = first - timedelta(1)
    while day <= last + timedelta(1):
        name = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day.weekday()]
        for span in [] if day in closed else schedule["hours"].get(name, []):
            begin, end = (instant(day, text, zone) for text in span.split("-"))
            while begin < end:  # cut at midnight UTC
                cut = min(end, (begin // 86400 + 1) * 86400)
                by_day.setdefault(begin // 86400, []).append((begin, cut))
                begin = cut
        day += timedelta(1)

    clock = 0
    for utc_day in range((first - date(1970, 1, 1)).days, (last - date(1970, 1, 1)).days + 1):
        segments = sorted(by_day.get(utc_day, []))
        if len(segments) > 2:
            raise SystemExit(f"schedule {schedule['id']} has {len(segments)} open segments on one UTC day")
        padded = segments + [(0, 0)] * (2 - len(segments))
        yield (schedule["id"], utc_day, clock, *padded[0], *padded[1])
        clock += sum(end - begin for begin, end in segments)


def instant(day: date, text: str, zone: ZoneInfo) -> int:
    hour, minute = map(int, text.split(":"))
    if hour == 24:
        day, hour = day + timedelta(1), 0
    return int(datetime.combine(day, clock_time(hour, minute), zone).astimezone(UTC).timestamp())


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
