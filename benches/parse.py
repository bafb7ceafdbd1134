"""Merely parses the files that the benchmark builds from, with polars, and prints the number of rows.

    python parse.py DATA

The columns are those that the tables need, as in peer/*.sql.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl

ID, TEXT, FLAG = pl.Int64, pl.String, pl.Boolean
VIA = pl.Struct({"channel": TEXT})

FILES = {
    "zendesk/tickets": {
        "id": ID, "created_at": TEXT, "updated_at": TEXT, "status": TEXT, "via": VIA, "priority": TEXT, "type": TEXT,
        "group_id": ID, "assignee_id": ID, "submitter_id": ID, "brand_id": ID, "requester_id": ID,
        "tags": pl.List(TEXT), "subject": TEXT, "satisfaction_rating": pl.Struct({"score": TEXT}),
    },
    "zendesk/ticket_audits": {
        "id": ID, "ticket_id": ID, "created_at": TEXT, "author_id": ID, "via": VIA,
        "events": pl.List(pl.Struct({
            "id": ID, "type": TEXT, "field_name": TEXT, "value": TEXT, "previous_value": TEXT, "author_id": ID,
            "public": FLAG, "via": VIA, "new_schedule_id": ID,
        })),
    },
    "zendesk/users": {
        "id": ID, "created_at": TEXT, "updated_at": TEXT, "email": TEXT, "phone": TEXT, "role": TEXT, "locale": TEXT,
    },
    "shopify/orders": {
        "id": ID, "name": TEXT, "email": TEXT, "created_at": TEXT, "updated_at": TEXT, "processed_at": TEXT,
        "cancelled_at": TEXT, "currency": TEXT, "financial_status": TEXT, "fulfillment_status": TEXT, "test": FLAG,
        "source_name": TEXT, "subtotal_price": TEXT, "total_tax": TEXT, "total_discounts": TEXT,
        "total_line_items_price": TEXT, "total_price": TEXT,
        "customer": pl.Struct({"id": ID, "email": TEXT}),
        "shipping_address": pl.Struct({"country_code": TEXT}),
        "shipping_lines": pl.List(pl.Struct({"price": TEXT})),
        "line_items": pl.List(pl.Struct({
            "id": ID, "product_id": ID, "sku": TEXT, "title": TEXT, "name": TEXT, "quantity": ID, "price": TEXT,
            "gift_card": FLAG, "discount_allocations": pl.List(pl.Struct({"amount": TEXT})),
            "tax_lines": pl.List(pl.Struct({"price": TEXT})),
        })),
        "refunds": pl.List(pl.Struct({
            "id": ID, "created_at": TEXT,
            "refund_line_items": pl.List(pl.Struct({
                "quantity": ID, "restock_type": TEXT, "subtotal": pl.Float64, "total_tax": pl.Float64,
            })),
            "order_adjustments": pl.List(pl.Struct({"amount": TEXT, "tax_amount": TEXT, "kind": TEXT})),
            "transactions": pl.List(pl.Struct({"kind": TEXT, "amount": TEXT, "status": TEXT})),
        })),
    },
}


def main(data: Path) -> None:
    # A file at a time per core is faster than one scan over all of them, and needs the memory of a few files.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for folder, schema in FILES.items():
            files = sorted((data / folder).iterdir())
            rows = sum(pool.map(lambda file, schema=schema: pl.read_ndjson(file, schema=schema).height, files))
            print(f"{folder:<24} {rows:>10} rows")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
