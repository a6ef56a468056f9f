"""DuckDB and Polars on the routing policy, one request a line on standard input.

`<engine> <case> <input> <output>`: answers with the seconds it took. The version of an engine: `version <engine>`.
"""

import sys
import time
from pathlib import Path

import duckdb
import polars as pl

THREADS = int(sys.argv[1])
CASE = Path(__file__).with_name("policy").joinpath("routing.sql").read_text()
CHOICES = ["product", "need", "subject", "symptom", "connector"]
BOOLS = ["working", "changed", "rule_involved", "fails_alone", "data_quality", "help_wanted"]

DUCK_TYPES = {name: "VARCHAR" for name in ["id", *CHOICES]} | {name: "BOOLEAN" for name in BOOLS} | {"users": "BIGINT"}
POLARS_TYPES = {name: pl.String for name in ["id", *CHOICES]} | {name: pl.Boolean for name in BOOLS} | {"users": pl.Int64}

duck = duckdb.connect()
duck.execute(f"SET threads = {THREADS}")
duck.execute("SET preserve_insertion_order = true")


def duck_table(path):
    if path.endswith(".parquet"):
        return f"read_parquet('{path}')"
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in DUCK_TYPES.items())
    return f"read_json('{path}', format = 'newline_delimited', columns = {{{columns}}})"


def duckdb_rows(path, output):
    duck.execute(f"COPY (SELECT id, {CASE} AS team FROM {duck_table(path)}) TO '{output}' (FORMAT csv, HEADER)")


def duckdb_count(path, _):
    duck.execute(f"SELECT {CASE} AS team, count(*) FROM {duck_table(path)} GROUP BY ALL").fetchall()


def duckdb_parquet(path, output):
    duck.execute(f"COPY (SELECT * FROM {duck_table(path)}) TO '{output}' (FORMAT parquet)")


def polars_team():
    c = pl.col
    platform = c("product") == "platform"
    access = c("subject").is_in(["access_profile", "role"])
    asked = c("need").is_in(["build", "change"])
    return (
        pl.when(platform & (c("users") >= 500) & (c("symptom") == "inaccessible"))
        .then(pl.lit("on_call"))
        .when(platform & asked & access & ~c("help_wanted"))
        .then(pl.lit("customer"))
        .when(platform & ~c("changed") & c("working"))
        .then(pl.lit("support"))
        .when(platform & ~asked & access & (c("symptom") == "not_provisioning") & c("working"))
        .then(pl.lit("support"))
        .when(
            platform
            & (
                asked
                | ~c("working")
                | c("changed")
                | c("data_quality")
                | (c("connector") == "custom")
                | (c("rule_involved") & ~c("fails_alone"))
            )
        )
        .then(pl.lit("services"))
        .when(c("product") == "nerm")
        .then(pl.lit("desk"))
        .when(c("product") == "other")
        .then(pl.lit("out_of_scope"))
        .alias("team")
    )


def polars_table(path):
    if path.endswith(".parquet"):
        return pl.scan_parquet(path)
    return pl.scan_ndjson(path, schema=POLARS_TYPES)


def polars_rows(path, output):
    polars_table(path).select("id", polars_team()).sink_csv(output)


def polars_count(path, _):
    polars_table(path).select(polars_team()).group_by("team").len().collect()


for request in sys.stdin:
    first, second, *files = request.split()
    if first == "version":
        reply = {"duckdb": duckdb, "polars": pl}[second].__version__
    else:
        start = time.perf_counter()
        globals()[f"{first}_{second}"](*files)
        reply = time.perf_counter() - start
    print(reply, flush=True)
