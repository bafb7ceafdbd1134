"""Measures postventa against the same job in DuckDB, against parsing alone, and against itself.

    python benches/run.py [--only S,M,daily,start] [--repeats 5] [--data DIR] [--binary PATH]

Every figure is of a whole process: wall time, CPU time and peak memory as the kernel counts them. Programs that are
compared take turns, and a ratio is taken within each turn. Results go to standard output as Markdown, progress to
standard error. benches/README.md says what the cases are.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
SAMPLES = {
    "S": "--seed 7 --from 2024-01-01 --days 365 --orders-per-day 45.2 --tickets-per-day 55.2",
    "M": "--seed 7 --from 2022-01-01 --days 1096 --orders-per-day 912.4 --tickets-per-day 182.5 --compress zst",
}
# The last day of history before the first daily run. No run crosses the end of a month.
HISTORIES = {"1 month": date(2022, 2, 10), "1 year": date(2023, 1, 10), "3 years": date(2024, 12, 10)}
FIRST_DAY, LAST_DAY = date(2022, 1, 1), date(2024, 12, 31)
GIB = 1024**3


@dataclass
class Figures:
    wall: float
    cpu: float
    memory: int


class Bench:
    def __init__(self, options):
        self.repeats = options.repeats
        self.data = options.data.resolve()
        self.binary = str(options.binary.resolve())
        self.rows = []
        self.goals = []
        self.notes = []
        self.faults = []
        self.full_build = None

    def job(self, sample: str, name: str) -> Path:
        """The job file `name` for a sample, which is generated if it is not there."""
        folder = self.data / sample
        if not folder.exists():
            say(f"generating {sample}")
            # Renamed when whole, so that a sample that was cut short is not taken for one.
            begun = folder.with_name(f"{sample}.part")
            shutil.rmtree(begun, ignore_errors=True)
            begun.parent.mkdir(parents=True, exist_ok=True)
            command = [self.binary, "sample", str(begun), *SAMPLES[sample].split()]
            subprocess.run(command, check=True, stdout=sys.stderr)
            begun.rename(folder)
        ending = next((folder / "zendesk" / "tickets").iterdir()).name[len("YYYY-MM-DD"):]
        text = (HERE / "job.toml.in").read_text(encoding="utf-8")
        for key, value in {"name": name, "data": str(folder), "ending": ending}.items():
            text = text.replace(f"@{key}@", value)
        path = self.data / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        return path

    def measure(self, *command: str) -> Figures:
        """Runs a command and says what it took; its output is shown only if it fails."""
        begun = time.monotonic()
        with open(self.data / "output.txt", "w+b") as output:
            environment = {**os.environ, "POSTVENTA_HASH_KEY": "the key of a benchmark, not of people"}
            child = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
            _, status, usage = os.wait4(child.pid, 0)
            wall = time.monotonic() - begun
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode != 0:
                output.seek(0)
                sys.exit(f"{' '.join(command)} ended with {child.returncode}:\n{output.read().decode()}")
        figures = Figures(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)
        say(f"{wall:8.2f} s  {figures.cpu:8.2f} s CPU  {figures.memory / GIB:5.2f} GiB  {' '.join(command)[-90:]}")
        return figures

    def turns(self, case: str, programs: dict) -> dict[str, list[Figures]]:
        """Each program once per turn; a program is a list of outputs to remove first, and a command."""
        taken = {name: [] for name in programs}
        for _ in range(self.repeats):
            for name, (outputs, command) in programs.items():
                for output in outputs:
                    shutil.rmtree(output, ignore_errors=True)
                taken[name].append(self.measure(*command))
        for name, figures in taken.items():
            self.row(case, name, figures)
        return taken

    def row(self, case: str, program: str, figures: list[Figures]) -> None:
        wall = spread([f.wall for f in figures], 3)
        cpu = spread([f.cpu for f in figures], 2)
        memory = spread([f.memory / GIB for f in figures], 2)
        self.rows.append(f"| {case} | {program} | {len(figures)} | {wall} | {cpu} | {memory} |")

    def goal(self, what: str, values: list[float], most: float | None, unit: str = "") -> None:
        asked = f"at most {most:.3g}{unit}" if most else ""
        verdict = "" if not most else "met" if median(values) <= most else "**missed**"
        self.goals.append(f"| {what} | {asked} | {spread(values, 3)}{unit} | {verdict} |")

    def start(self) -> None:
        figures = [self.measure(self.binary, "--help") for _ in range(20)]
        self.row("start", "postventa --help", figures)
        self.goal("`--help`", [f.wall * 1000 for f in figures], 30, " ms")
        self.notes.append(f"The binary has {Path(self.binary).stat().st_size / 2**20:.1f} MiB.")

    def full(self, sample: str) -> None:
        job = self.job(sample, sample)
        warehouse, out = self.data / f"warehouse-{sample}", self.data / f"peer-{sample}"
        programs = {
            "postventa": ([warehouse], [self.binary, "run", str(job)]),
            "DuckDB": ([out], [sys.executable, str(HERE / "peer.py"), str(job), str(out)]),
            "polars, parsing alone": ([], [sys.executable, str(HERE / "parse.py"), str(self.data / sample)]),
        }
        if sample == "M":
            days = ["--from", str(FIRST_DAY), "--to", str(LAST_DAY)]
            backfill = self.job(sample, "M-backfill")
            programs["postventa, --from --to"] = (
                [self.data / "warehouse-M-backfill"], [self.binary, "run", str(backfill), *days],
            )
        taken = self.turns(f"{sample}, full build", programs)
        self.same_results(sample, warehouse, out)

        ours, peer, parse = (taken[name] for name in ("postventa", "DuckDB", "polars, parsing alone"))
        if sample == "S":
            self.goal("S: full build", [f.wall for f in ours], 5, " s")
        else:
            self.full_build = [f.wall for f in ours]
            self.goal("M: peak memory", [f.memory / GIB for f in ours], 3, " GiB")
            self.goal("M: backfill / full build", ratios(taken["postventa, --from --to"], ours), 1.2)
        is_big = sample == "M"  # at S, and of CPU time, ratios are for information
        self.goal(f"{sample}: wall, postventa / DuckDB", ratios(ours, peer), 0.7 if is_big else None)
        self.goal(f"{sample}: CPU, postventa / DuckDB", ratios(ours, peer, "cpu"), None)
        self.goal(f"{sample}: peak memory, postventa / DuckDB", ratios(ours, peer, "memory"), 1 if is_big else None)
        self.goal(f"{sample}: wall, postventa / polars parsing", ratios(ours, parse), 3 if is_big else None)
        self.nothing_new(sample, job, warehouse)

    def same_results(self, sample: str, warehouse: Path, out: Path) -> None:
        say("comparing the tables")
        command = [sys.executable, str(HERE / "same_results.py"), str(warehouse), str(out)]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode == 0:
            self.notes.append(f"{sample}: {result.stdout.splitlines()[-1]}.")
        else:
            say(result.stdout + result.stderr)
            self.faults.append(f"{sample}: postventa and DuckDB did not come to the same tables; the comparison is void")

    def nothing_new(self, sample: str, job: Path, warehouse: Path) -> None:
        command = [self.binary, "run", str(job)]
        figures = [self.measure(*command) for _ in range(max(self.repeats, 5))]
        self.row(f"{sample}, nothing new", "postventa", figures)
        self.goal(f"{sample}: nothing new", [f.wall for f in figures], 0.3, " s")
        if shutil.which("strace"):
            trace = self.data / "trace.txt"
            self.measure("strace", "-f", "-e", "trace=openat", "-o", str(trace), *command)
            opened = re.findall(r'openat\(\S+ "([^"]+)", (\S+)\) = \d', trace.read_text(encoding="utf-8"))
            mine = [how for path, how in opened if path.startswith((str(warehouse), str(self.data / sample) + "/"))]
            listed = sum("O_DIRECTORY" in how for how in mine)
            self.notes.append(f"{sample}, nothing new: {listed} folders listed, {len(mine) - listed} objects read.")

    def daily(self) -> None:
        """Successive days on warehouses with histories of different length, in turns."""
        jobs, builds = {}, {}
        for label, last in HISTORIES.items():
            name = "M-" + label.replace(" ", "-")
            jobs[label] = self.job("M", name)
            shutil.rmtree(self.data / f"warehouse-{name}", ignore_errors=True)
            days = ["--from", str(FIRST_DAY), "--to", str(last)]
            builds[label] = self.measure(self.binary, "run", str(jobs[label]), *days)
        taken = {label: [] for label in jobs}
        for turn in range(1, self.repeats + 1):
            for label, job in jobs.items():
                day = HISTORIES[label] + timedelta(turn)
                taken[label].append(self.measure(self.binary, "run", str(job), "--date", str(day)))
        for label, figures in taken.items():
            self.row(f"M, one more day after {label}", "postventa", figures)
        self.goal("M: day after 3 years / after 1 month", ratios(taken["3 years"], taken["1 month"]), 1.3)
        self.goal("M: CPU, day after 3 years / after 1 month", ratios(taken["3 years"], taken["1 month"], "cpu"), None)
        # Without the case M, the build of the three years of history stands for the full build: it lacks 21 days.
        full = median(self.full_build or [builds["3 years"].wall])
        self.goal("M: day after 3 years / full build", [f.wall / full for f in taken["3 years"]], 1 / 40)

    def report(self) -> None:
        print("| case | program | runs | wall, s | CPU, s | peak memory, GiB |\n|---|---|---|---|---|---|")
        print("\n".join(self.rows))
        print("\nMedian, and in brackets the least and the most.\n")
        print("| figure | goal | measured | |\n|---|---|---|---|")
        print("\n".join(self.goals) + "\n")
        print("\n".join(f"- {note}" for note in self.notes))
        if self.faults:
            sys.exit("\n".join(self.faults))


def ratios(ours: list[Figures], theirs: list[Figures], what: str = "wall") -> list[float]:
    return [getattr(a, what) / getattr(b, what) for a, b in zip(ours, theirs)]


def spread(values: list[float], digits: int) -> str:
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    target = Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent / "target"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="start,S,M,daily", help="cases, with commas between")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--data", type=Path, default=target / "benches", help="folder for the files and warehouses")
    parser.add_argument("--binary", type=Path, default=target / "release" / "postventa")
    options = parser.parse_args()

    bench = Bench(options)
    cases = {"start": bench.start, "S": lambda: bench.full("S"), "M": lambda: bench.full("M"), "daily": bench.daily}
    chosen = options.only.split(",")
    if unknown := set(chosen) - cases.keys():
        parser.error(f"no case {', '.join(sorted(unknown))}; there are {', '.join(cases)}")
    if options.repeats > 17:
        parser.error("a month has not enough days left for more than 17 daily runs")
    bench.data.mkdir(parents=True, exist_ok=True)
    for name, case in cases.items():
        if name in chosen:
            case()
    bench.report()


if __name__ == "__main__":
    main()
