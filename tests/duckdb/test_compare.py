"""The comparison must find what it is there to find: made-up dumps, most of which must fail."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import duckdb

import compare

HEADER = '/*\nabout = "Orders per day."\ngrain = ["day"]\n*/\n'
MODEL = HEADER + """SELECT day, CAST(COUNT(*) AS BIGINT) AS orders, CAST(SUM(amount) AS DECIMAL(18, 4)) AS gross,
    SUM(CAST(amount AS DOUBLE)) / CAST(COUNT(*) AS DOUBLE) AS mean, MAX(country) AS country
FROM orders GROUP BY day;
"""
ORDERS = """SELECT * FROM (VALUES
    (DATE '2026-01-01', CAST(10.10 AS DECIMAL(18, 4)), 'ES'),
    (DATE '2026-01-01', CAST(20.20 AS DECIMAL(18, 4)), 'FR'),
    (DATE '2026-01-02', CAST(0.30 AS DECIMAL(18, 4)), CAST(NULL AS VARCHAR))) v(day, amount, country)"""
RIGHT = [
    "(DATE '2026-01-02', 1, 0.3, 0.3, NULL)",
    "(DATE '2026-01-01', 2, 30.3, 15.15, 'FR')",
]


def rows(*values: str, kinds=("DATE", "BIGINT", "DECIMAL(18, 4)", "DOUBLE", "VARCHAR"),
         names=("day", "orders", "gross", "mean", "country")) -> str:
    casts = ", ".join(f"CAST(c{n} AS {kind}) AS {name}" for n, (kind, name) in enumerate(zip(kinds, names)))
    return f"SELECT {casts} FROM (VALUES {', '.join(values)}) v(c0, c1, c2, c3, c4)"


class Compare(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dump, self.sql = Path(folder.name, "dump"), Path(folder.name, "sql")
        (self.sql / "marts").mkdir(parents=True)
        self.dump.mkdir()
        self.dumps = [self.dump]

    def model(self, table="orders_daily", layer="marts"):
        (self.sql / layer).mkdir(exist_ok=True)
        (self.sql / layer / f"{table}.sql").write_text(MODEL)

    def unit(self, output: str, model=MODEL, orders=ORDERS, table="orders_daily", month="2026-01", dump=None):
        unit = (dump or self.dump) / table / month
        (unit / "inputs").mkdir(parents=True)
        (unit / "model.sql").write_text(model)
        duckdb.execute(f"COPY ({orders}) TO '{unit}/inputs/orders.parquet' (FORMAT parquet)")
        duckdb.execute(f"COPY ({output}) TO '{unit}/output.parquet' (FORMAT parquet)")

    def second(self) -> Path:
        """Another dump, which is compared too."""
        self.dumps.append(self.dump.with_name("second"))
        self.dumps[-1].mkdir()
        return self.dumps[-1]

    def compare(self, *options: str) -> tuple[int, str]:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            code = compare.main([*map(str, self.dumps), str(self.sql), *options])
        return code, printed.getvalue()

    def assert_passes(self, *options: str):
        code, printed = self.compare(*options)
        self.assertEqual(code, 0, printed)
        return printed

    def assert_fails(self, *messages: str, options=()):
        code, printed = self.compare(*options)
        self.assertEqual(code, 1, printed)
        for message in messages:
            self.assertIn(message, printed)

    def test_equal_rows_pass_in_any_order(self):
        self.model()
        self.unit(rows(*RIGHT))
        self.unit(rows(*RIGHT[::-1]), month="month=2026-02")
        printed = self.assert_passes()
        self.assertRegex(printed, r"ok +orders_daily +2 units +4 rows")
        self.assertEqual(printed.splitlines()[-1], "1 passed, 0 failed")

    def test_a_float_may_differ_in_its_last_digits_only(self):
        self.model()
        self.unit(rows(RIGHT[0], "(DATE '2026-01-01', 2, 30.3, 15.150000000001, 'FR')"))
        self.assert_passes()

    def test_a_float_beyond_the_tolerance_fails(self):
        self.model()
        self.unit(rows(RIGHT[0], "(DATE '2026-01-01', 2, 30.3, 15.1500001, 'FR')"))
        self.assert_fails("orders_daily", "2026-01: row day=2026-01-01: mean is 15.1500001, in DuckDB 15.1",
                          "0 passed, 1 failed")

    def test_a_decimal_that_differs_by_a_ten_thousandth_fails(self):
        self.model()
        self.unit(rows(RIGHT[0], "(DATE '2026-01-01', 2, 30.3001, 15.15, 'FR')"))
        self.assert_fails("row day=2026-01-01: gross is 30.3001, in DuckDB 30.3000")

    def test_null_is_neither_empty_text_nor_not_a_number(self):
        self.model()
        self.unit(rows("(DATE '2026-01-02', 1, 0.3, 0.3, '')", RIGHT[1]))
        self.unit(rows("(DATE '2026-01-02', 1, 0.3, NULL, NULL)", RIGHT[1]), month="2026-02")
        self.assert_fails("country is '', in DuckDB NULL", "mean is NULL, in DuckDB 0.3")

    def test_a_missing_an_extra_and_a_repeated_row_fail(self):
        self.model()
        self.unit(rows(RIGHT[0]), month="2026-01")
        self.unit(rows(*RIGHT, "(DATE '2026-01-03', 1, 1, 1, 'ES')"), month="2026-02")
        self.unit(rows(*RIGHT, RIGHT[0]), month="2026-03")
        self.assert_fails("2026-01: row day=2026-01-01: only in DuckDB", "2026-02: row day=2026-01-03: not in DuckDB",
                          "2026-03: row day=2026-01-02: not in DuckDB")

    def test_another_type_fails(self):
        self.model()
        self.unit(rows(*RIGHT, kinds=("DATE", "UINTEGER", "DECIMAL(18, 4)", "DOUBLE", "VARCHAR")))
        self.assert_fails("column orders is UINTEGER", "column 2 is orders UINTEGER, in DuckDB orders BIGINT")

    def test_a_type_that_no_table_may_have_fails_in_both_engines(self):
        self.model()
        model = HEADER + "SELECT day, CAST(amount AS FLOAT) AS amount FROM orders"
        self.unit(f"SELECT day, CAST(amount AS FLOAT) AS amount FROM ({ORDERS})", model=model)
        self.assert_fails("column amount is FLOAT")

    def test_another_order_or_name_of_columns_fails(self):
        self.model()
        self.unit(rows(*RIGHT, names=("day", "orders", "gross", "average", "country")))
        self.assert_fails("column 4 is average DOUBLE, in DuckDB mean DOUBLE")

    def test_sql_that_duckdb_refuses_fails(self):
        self.model()
        self.unit(rows(*RIGHT), model=HEADER + "SELECT day, no_such FROM orders")
        self.assert_fails("no_such", "0 passed, 1 failed")

    def test_a_unit_without_output_fails(self):
        self.model()
        self.unit(rows(*RIGHT))
        (self.dump / "orders_daily" / "2026-01" / "output.parquet").unlink()
        self.assert_fails("output.parquet")

    def test_a_model_never_dumped_fails(self):
        self.model()
        self.model("tickets_daily")
        self.unit(rows(*RIGHT))
        self.assert_fails("never compared", "1 passed, 1 failed")

    def test_a_model_without_rows_fails_unless_allowed(self):
        self.model()
        empty = f"{rows(*RIGHT)} LIMIT 0"
        self.unit(empty, orders=f"{ORDERS} LIMIT 0")
        self.assert_fails("empty: no unit has a row", "0 passed, 1 failed")
        self.assert_passes("--allow-empty", "orders_daily")
        self.assert_fails("is no model", options=("--allow-empty", "orders_daily", "mistyped"))

    def test_a_check_may_be_without_rows_but_not_uncompared(self):
        self.model()
        self.model("sales_add_up", layer="checks")
        self.unit(rows(*RIGHT))
        self.assert_fails("sales_add_up", "never compared", "1 passed, 1 failed")
        self.unit(f"{rows(*RIGHT)} LIMIT 0", orders=f"{ORDERS} LIMIT 0", table="sales_add_up")
        self.assert_passes()
        self.unit(f"{rows(*RIGHT)} LIMIT 0", table="sales_add_up", month="2026-02")
        self.assert_fails("2026-02: row day=2026-01-02: only in DuckDB", "1 passed, 1 failed")

    def test_an_empty_output_where_duckdb_finds_rows_fails(self):
        self.model()
        self.unit(f"{rows(*RIGHT)} LIMIT 0")
        self.assert_fails("only in DuckDB", options=("--allow-empty", "orders_daily"))

    def test_an_empty_or_missing_folder_fails(self):
        self.model()
        self.assert_fails("nothing to compare", "0 passed, 1 failed")
        self.dump.rmdir()
        self.assert_fails("nothing to compare")

    def test_units_of_several_dumps_are_all_compared(self):
        self.model()
        second = self.second()
        self.unit(rows(*RIGHT))
        self.unit(rows(*RIGHT), dump=second)
        self.unit(rows(*RIGHT), dump=second, month="2026-02")
        self.assertRegex(self.assert_passes(), r"ok +orders_daily +3 units +6 rows")

    def test_a_difference_in_any_dump_fails_and_names_it(self):
        wrong = rows(RIGHT[0], "(DATE '2026-01-01', 2, 30.3001, 15.15, 'FR')")
        self.model()
        second = self.second()
        self.unit(rows(*RIGHT))
        self.unit(wrong, dump=second)
        self.assert_fails("second/2026-01: row day=2026-01-01: gross is 30.3001", "0 passed, 1 failed")
        self.dumps.reverse()
        self.assert_fails("second/2026-01: row day=2026-01-01: gross is 30.3001", "0 passed, 1 failed")

    def test_rows_in_one_dump_are_enough(self):
        self.model()
        self.model("tickets_daily")
        empty = f"{rows(*RIGHT)} LIMIT 0"
        second = self.second()
        self.unit(empty, orders=f"{ORDERS} LIMIT 0")
        self.unit(rows(*RIGHT), dump=second)
        self.unit(rows(*RIGHT), table="tickets_daily")
        self.assert_passes()

    def test_no_rows_in_any_dump_fail(self):
        self.model()
        second = self.second()
        for dump in (self.dump, second):
            self.unit(f"{rows(*RIGHT)} LIMIT 0", orders=f"{ORDERS} LIMIT 0", dump=dump)
        self.assert_fails("empty: no unit has a row", "0 passed, 1 failed")

    def test_a_model_that_no_dump_has_fails(self):
        self.model()
        self.model("tickets_daily")
        second = self.second()
        self.unit(rows(*RIGHT))
        self.unit(rows(*RIGHT), dump=second)
        self.assert_fails("never compared", "1 passed, 1 failed")

    def test_a_dump_that_is_empty_or_missing_fails_beside_a_good_one(self):
        self.model()
        second = self.second()
        self.unit(rows(*RIGHT))
        self.assert_fails("0 tables in", "0 passed, 1 failed")
        second.rmdir()
        self.assert_fails("0 tables in", "0 passed, 1 failed")

    def test_many_rows_agree(self):
        self.model()
        orders = """SELECT DATE '2026-01-01' + CAST(i // 10 AS INTEGER) AS day, CAST(i AS DECIMAL(18, 4)) AS amount,
            'ES' AS country FROM range(200000) t(i)"""
        self.unit(MODEL.replace("FROM orders", f"FROM ({orders})").rstrip().rstrip(";"), orders=orders)
        self.assertIn("20000 rows", self.assert_passes())


if __name__ == "__main__":
    unittest.main()
