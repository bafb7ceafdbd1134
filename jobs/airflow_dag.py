"""Runs postventa once a day in Airflow 3, and backfills any range in one run.

A plain ``schedule="@daily"`` is a CronTriggerTimetable in Airflow 3: its data interval is empty and begins when the
run begins, so ``--date`` would name today, whose exports are not there yet. CronDataIntervalTimetable gives the run
of the 2nd at 05:30 the interval from the 1st at 05:30, and the date of its start, in the job's zone, is the day to
read.

Exit codes of postventa, and what becomes of them:

    0    done, or nothing to do                          success, the summary goes to XCom
    75   store unreachable, lease held, export missing   retried, waiting longer each time
    130  143  137   stopped, or killed for its memory    retried
    2    usage or job file      65  data refused         failed at once: a retry would read the same again
    70   a bug                  any other code           failed at once
"""

from __future__ import annotations

import json
import os
from datetime import date, timedelta

import pendulum
from airflow.providers.standard.hooks.subprocess import SubprocessHook
from airflow.sdk import DAG, BaseOperator, Param
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from airflow.timetables.interval import CronDataIntervalTimetable

ZONE = "Europe/Madrid"  # [job] time_zone of the job file
PROGRAM = os.environ.get("POSTVENTA_PROGRAM", "postventa")
JOB = os.environ.get("POSTVENTA_JOB", "/etc/postventa/production.toml")

RETRIED = {75, 130, 137, 143}
MEANING = {
    2: "usage or job file: see the faults above, or run `postventa check`",
    65: "data refused by a gate or a data test; the last good tables are still in place",
    70: "a bug in postventa",
    75: "not now: store unreachable, lease held, or an export not there yet",
    126: "the program cannot be executed",
    127: "the program is not on the worker",
}

# The hook logs both streams as one. Holding stdout back makes the summary the last line, and leaves the logs live.
SUMMARY_LAST = 'summary=$("$@"); code=$?; printf "%s\\n" "$summary"; exit "$code"'


def date_arguments(interval_start: pendulum.DateTime | None, params: dict) -> list[str]:
    """One day for a scheduled run; the inclusive range of a run triggered with `from` and `to`."""
    first, last = params.get("from"), params.get("to")
    if first and last:
        if date.fromisoformat(first) > date.fromisoformat(last):
            raise AirflowFailException(f"`from` {first} is after `to` {last}")
        return ["--from", first, "--to", last]
    if first or last:
        raise AirflowFailException("a backfill needs both `from` and `to`")
    if interval_start is None:
        raise AirflowFailException("a run triggered without a logical date has no day: give `from` and `to`")
    return ["--date", interval_start.in_timezone(ZONE).to_date_string()]


def outcome(code: int, last_line: str) -> dict:
    """The summary of a run that is done; for any other, the exception that makes Airflow retry or give up."""
    if code == 0:
        return json.loads(last_line)
    code = 128 - code if code < 0 else code
    message = f"postventa ended with exit code {code}: {MEANING.get(code, 'see the log')}"
    raise AirflowException(message) if code in RETRIED else AirflowFailException(message)


class PostventaOperator(BaseOperator):
    """BashOperator would retry every code but 99; this one knows which codes a retry can help."""

    def execute(self, context) -> dict:
        dates = date_arguments(context.get("data_interval_start"), context["params"])
        command = [PROGRAM, "run", JOB, *dates, "--json"]
        self.hook = SubprocessHook()
        result = self.hook.run_command(["bash", "-c", SUMMARY_LAST, "postventa", *command], cwd=os.getcwd())
        return outcome(result.exit_code, result.output)

    def on_kill(self) -> None:
        self.hook.send_sigterm()


with DAG(
    dag_id="postventa",
    description="Helpdesk and order exports to Parquet tables",
    schedule=CronDataIntervalTimetable("30 5 * * *", timezone=ZONE),
    start_date=pendulum.datetime(2026, 1, 1, tz=ZONE),
    # Every day missed while the scheduler was down gets its own run: without it only the newest day would, and the
    # exports of the others would wait for a backfill. Set start_date to the day you go live, and load what lies
    # before it with one triggered run over `from`..`to`. The order of the days never matters to the tables.
    catchup=True,
    # A second run would find the lease held and come back with 75.
    max_active_runs=1,
    params={
        "from": Param(None, type=["null", "string"], format="date", title="Backfill from", description="first day"),
        "to": Param(None, type=["null", "string"], format="date", title="Backfill to", description="last day, inclusive"),
    },
    default_args={
        "retries": 6,
        "retry_delay": timedelta(minutes=5),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(hours=1),
    },
    tags=["postventa"],
) as dag:
    # Credentials and POSTVENTA_HASH_KEY come from the worker's environment, never from the DAG.
    PostventaOperator(task_id="run", execution_timeout=timedelta(hours=3))
