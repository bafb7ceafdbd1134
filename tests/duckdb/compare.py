"""Runs every SQL model a second time, in DuckDB, and compares all rows and columns with what postventa made.

    postventa run JOB.toml --dump-models DUMP
    python compare.py DUMP [DUMP ..] sql [--allow-empty TABLE ..]

DUMP/<table>/<unit>/ holds model.sql, inputs/<input table>.parquet and output.parquet. Column names, their order and
types, NULLs, text, decimals, dates and timestamps must be equal; floats may differ by 1e-9, relative or absolute, for
engines add in different orders. Rows are compared as multisets. Every unit of every dump is compared. A model fails
too when no dump has a unit of it, or when all of its units are without rows: an empty table agrees with anything. Only
the models of sql/checks may be without rows, which are what they find at fault. Of units with the same SQL, inputs and
output, byte by byte, DuckDB is asked about one.
"""

import argparse
import hashlib
import math
import re
import sys
import tomllib
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

TYPES = {"VARCHAR", "BIGINT", "DOUBLE", "DECIMAL(18,4)", "DATE", "TIMESTAMP", "BOOLEAN"}
SHOWN = 10  # differences printed per model


@dataclass
class Verdict:
    units: int = 0
    rows: int = 0
    faults: list[str] = field(default_factory=list)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dumps", type=Path, nargs="+", metavar="dump")
    parser.add_argument("sql", type=Path, help="folder of the models that must all have been compared")
    parser.add_argument("--allow-empty", nargs="+", default=[], metavar="TABLE", help="models that may have no rows")
    options = parser.parse_args(arguments)

    models = {path.stem for path in options.sql.rglob("*.sql")}
    may_be_empty = {path.stem for path in options.sql.glob("checks/*.sql")}.union(options.allow_empty)
    dumped = {dump: tables(dump) for dump in options.dumps}
    if not models or not all(dumped.values()):
        for dump, names in dumped.items():
            print(f"nothing to compare: {len(models)} models in {options.sql}, {len(names)} tables in {dump}")
        print(f"0 passed, {max(len(models), 1)} failed")
        return 1

    failed = 0
    compared = models.union(*dumped.values())
    with ProcessPoolExecutor() as processes:
        verdicts = list(processes.map(compare_model, sorted(compared), [options.dumps] * len(compared)))
    for table, verdict in zip(sorted(compared), verdicts):
        if verdict.units == 0:
            verdict.faults.append("never compared: no dump has a unit of it")
        elif verdict.rows == 0 and not verdict.faults and table not in may_be_empty:
            verdict.faults.append("empty: no unit has a row, so nothing was compared")
        failed += bool(verdict.faults)
        result = "FAIL" if verdict.faults else "ok"
        print(f"{result:<4} {table:<32} {verdict.units:>5} units {verdict.rows:>10} rows")
        for fault in verdict.faults[:SHOWN]:
            print(f"     {fault}")
        if len(verdict.faults) > SHOWN:
            print(f"     .. and {len(verdict.faults) - SHOWN} more")
    unknown = set(options.allow_empty) - models
    for table in sorted(unknown):
        print(f"FAIL {table:<32} is allowed to be empty, but is no model")
    print(f"{len(compared) - failed} passed, {failed + len(unknown)} failed")
    return 1 if failed or unknown else 0


def tables(dump: Path) -> set[str]:
    return {path.name for path in dump.iterdir() if path.is_dir()} if dump.is_dir() else set()


def compare_model(table: str, dumps: list[Path]) -> Verdict:
    """Every unit of the table, in every dump."""
    verdict = Verdict()
    known: dict[str, int] = {}
    for dump in dumps:
        folder = dump / table
        for unit in sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []:
            verdict.units += 1
            try:
                content = content_hash(unit)
                rows, faults = (known[content], []) if content in known else compare_unit(unit)
                known[content] = rows
            except (duckdb.Error, OSError, ValueError) as error:
                rows, faults = 0, [str(error).strip()]
            verdict.rows += rows
            verdict.faults += [f"{dump.name}/{unit.name}: {fault}" for fault in faults]
    return verdict


def content_hash(unit: Path) -> str:
    """Of the names and bytes of all files of the unit."""
    content = hashlib.sha256()
    for path in sorted(path for path in unit.rglob("*") if path.is_file()):
        content.update(f"{path.relative_to(unit)}\n{path.stat().st_size}\n".encode())
        content.update(path.read_bytes())
    return content.hexdigest()


def compare_unit(unit: Path) -> tuple[int, list[str]]:
    """Rows of the unit's output, and how DuckDB's answer differs from it."""
    model = (unit / "model.sql").read_text(encoding="utf-8")
    with duckdb.connect() as db:
        for path in sorted((unit / "inputs").glob("*.parquet")):
            db.execute(f"CREATE VIEW {quoted(path.stem)} AS {select_from(path)}")
        # Schemas of their own: a model may have an input by any name.
        db.execute("CREATE SCHEMA compared")
        db.execute(f"CREATE TABLE compared.ours AS {select_from(unit / 'output.parquet')}")
        db.execute(f"CREATE TABLE compared.theirs AS {model.strip().rstrip(';')}")

        ours, theirs = columns(db, "ours"), columns(db, "theirs")
        rows = db.execute("SELECT COUNT(*) FROM compared.ours").fetchone()[0]
        faults = [f"column {name} is {kind}, which is no type of a published table"
                  for name, kind in ours if kind not in TYPES]
        if ours != theirs:
            return rows, faults + column_faults(ours, theirs)

        left = db.execute("FROM compared.ours EXCEPT ALL FROM compared.theirs").fetchall()
        right = db.execute("FROM compared.theirs EXCEPT ALL FROM compared.ours").fetchall()
        return rows, faults + row_faults(ours, grain(model), left, right)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def select_from(path: Path) -> str:
    # A folder named month=2026-01 must not become a column.
    literal = str(path).replace("'", "''")
    return f"SELECT * FROM read_parquet('{literal}', hive_partitioning = false)"


def columns(db, table: str) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind, *_ in db.execute(f"DESCRIBE compared.{table}").fetchall()]


def column_faults(ours, theirs) -> list[str]:
    faults = []
    for place in range(max(len(ours), len(theirs))):
        a = " ".join(ours[place]) if place < len(ours) else "nothing"
        b = " ".join(theirs[place]) if place < len(theirs) else "nothing"
        if a != b:
            faults.append(f"column {place + 1} is {a}, in DuckDB {b}")
    return faults


def grain(model: str) -> list[str]:
    """The key that the model's header declares; without a header, none."""
    header = re.match(r"\s*/\*(.*?)\*/", model, re.DOTALL)
    try:
        return tomllib.loads(header[1]).get("grain", []) if header else []
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"the header is no TOML: {error}") from None


def row_faults(described, key: list[str], left: list[tuple], right: list[tuple]) -> list[str]:
    """What is left of the two multisets after their equal rows cancelled out, paired by key, cell by cell."""
    names = [name for name, _ in described]
    floats = {place for place, (_, kind) in enumerate(described) if kind == "DOUBLE"}
    exact = [place for place in range(len(names)) if place not in floats]
    places = [names.index(name) for name in key if name in names] or exact

    def order(row):
        return [(row[p] is not None, row[p] if row[p] is not None else 0) for p in exact + sorted(floats)]

    pairs = defaultdict(lambda: ([], []))
    for side, rows in enumerate((left, right)):
        for row in sorted(rows, key=order):
            pairs[tuple(row[p] for p in places)][side].append(row)

    faults = []
    for values, (ours, theirs) in pairs.items():
        row = ", ".join(f"{names[p]}={shown(v)}" for p, v in zip(places, values))
        for a, b in zip(ours, theirs):
            for p, name in enumerate(names):
                if not same(a[p], b[p], p in floats):
                    faults.append(f"row {row}: {name} is {shown(a[p])}, in DuckDB {shown(b[p])}")
        for extra in ours[len(theirs):]:
            faults.append(f"row {row}: not in DuckDB: {shown_row(names, extra)}")
        for extra in theirs[len(ours):]:
            faults.append(f"row {row}: only in DuckDB: {shown_row(names, extra)}")
    return faults


def same(a, b, is_float: bool) -> bool:
    if is_float and a is not None and b is not None:
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) or (math.isnan(a) and math.isnan(b))
    return a == b


def shown(value) -> str:
    return "NULL" if value is None else repr(value) if isinstance(value, (str, float)) else str(value)


def shown_row(names, row) -> str:
    return ", ".join(f"{name}={shown(value)}" for name, value in zip(names, row))


if __name__ == "__main__":
    sys.exit(main())
