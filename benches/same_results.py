"""Fails unless the peer's tables hold what postventa's hold.

    python same_results.py WAREHOUSE PEER_OUT

Every table that the peer wrote is compared in the columns, metrics and kinds of segments that it has, since postventa's
may have grown: the number of rows, and the rows themselves as a multiset of all columns but hashes (the two hash with
different functions; of these the number of different values and of NULLs must agree) and floats (the number and the
sum of them must agree, to 1e-9).
"""

import math
import sys
from pathlib import Path

import duckdb


def main(warehouse: Path, peer: Path) -> int:
    failed = 0
    folders = sorted(path for path in peer.glob("*/*") if path.is_dir())
    for folder in folders:
        with duckdb.connect() as db:
            faults, rows = compare(db, warehouse / folder.relative_to(peer), folder)
        failed += bool(faults)
        print(f"{'FAIL' if faults else 'ok':<4} {folder.name:<24} {rows:>10} rows")
        for fault in faults:
            print(f"     {fault}")
    print(f"{len(folders) - failed} tables are the same, {failed} are not")
    return 1 if failed or not folders else 0


def compare(db, ours: Path, theirs: Path) -> tuple[list[str], int]:
    for name, folder in (("theirs", theirs), ("ours", ours)):
        db.execute(f"CREATE VIEW {name} AS FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = true)")
    kinds, other = (dict(row[:2] for row in db.execute(f"DESCRIBE {name}").fetchall()) for name in ("ours", "theirs"))
    if missing := other.keys() - kinds.keys():
        return [f"columns that postventa does not have: {sorted(missing)}"], 0
    kinds = {name: kind for name, kind in kinds.items() if name in other}
    known = [f"{name} IN (SELECT {name} FROM theirs)" for name in ("metric", "segment_kind") if name in kinds]
    db.execute(f"CREATE TABLE shared AS FROM ours WHERE {' AND '.join(known) or 'true'}")
    db.execute("DROP VIEW ours; ALTER TABLE shared RENAME TO ours")

    hashes = [name for name in kinds if name.endswith("_hash")]
    floats = [name for name in kinds if kinds[name] == "DOUBLE"]
    others = [name for name in kinds if name not in hashes + floats]
    exact = ", ".join(f"CAST({name} AS {kinds[name]}) AS {name}" for name in others)
    faults = []

    rows, their_rows = (db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("ours", "theirs"))
    if rows != their_rows:
        faults.append(f"{rows} rows, {their_rows} in the peer")
    for name in hashes:
        counts = f"count(DISTINCT {name}), count({name})"
        a, b = (db.execute(f"SELECT {counts} FROM {table}").fetchone() for table in ("ours", "theirs"))
        if a != b:
            faults.append(f"{name}: {a} different and not NULL, {b} in the peer")
    for name in floats:
        a, b = (db.execute(f"SELECT count({name}), sum({name}) FROM {table}").fetchone() for table in ("ours", "theirs"))
        if a[0] != b[0] or not math.isclose(a[1] or 0, b[1] or 0, rel_tol=1e-9):
            faults.append(f"{name}: {a[0]} values of sum {a[1]}, {b[0]} of {b[1]} in the peer")
    for a, b, where in (("ours", "theirs", "postventa's"), ("theirs", "ours", "the peer's")):
        extra = f"(SELECT {exact} FROM {a} EXCEPT ALL SELECT {exact} FROM {b})"
        count, example = db.execute(f"SELECT count(*), any_value(x) FROM {extra} AS x").fetchone()
        if count:
            faults.append(f"{count} rows are only {where}, such as {example}")
    return faults, rows


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
