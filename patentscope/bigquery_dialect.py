"""Statements and tables as BigQuery has them: our SQL, which is DuckDB's, in its dialect, and its few types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES = (
    (("is_integer",), "INT64", pa.int64()),
    (("is_boolean",), "BOOL", pa.bool_()),
    (("is_date", "is_timestamp"), "DATE", pa.date32()),
    (("is_string", "is_large_string", "is_null"), "STRING", pa.string()),
)


def type_of(kind: pa.DataType) -> tuple[str, pa.DataType]:
    """Return the type of a column at BigQuery, which has one for all integers, and in the files that it reads."""
    return next((name, ours) for tests, name, ours in _TYPES if any(getattr(pa.types, test)(kind) for test in tests))


def plain(table: pa.Table) -> pa.Table:
    """Return *table* with the types that BigQuery has; times are days here, which a pandas frame has no type for."""
    return table.cast(pa.schema([(field.name, type_of(field.type)[1]) for field in table.schema]))


class Dialect:
    """Statements over the tables of one dataset, which have names of ours and others there.

    Attributes:
        place: the dataset's full name.
        tables: the names of tables in it, by ours.
        views: the queries that names of ours stand for, as sqlglot's trees.
    """

    def __init__(self, place: str) -> None:
        """Begin with no table.

        Raises:
            ImportError: where sqlglot, which comes with the extra, is not installed.
        """
        import sqlglot  # noqa: PLC0415 - an extra

        self._sqlglot: Any = sqlglot
        self.place = place
        self.tables: dict[str, str] = {}
        self.views: dict[str, Any] = {}

    def parsed(self, sql: str) -> Any:  # noqa: ANN401 - sqlglot's own type
        """Return a statement of ours as a tree."""
        return self._sqlglot.parse_one(sql, read="duckdb")

    def said(self, sql: str) -> tuple[str, int]:
        """Return *sql* in BigQuery's dialect, tables by their full names and views written out; how many it reads."""
        tree = self.parsed(sql)
        views: dict[str, Any] = {}
        tables: set[str] = set()
        self._resolve(tree, views, tables)
        own = tree.ctes
        for name, select in views.items():
            tree = tree.with_(name, as_=select, copy=False)
        if views:  # before its own ones, which may use them
            tree.ctes[0].parent.set("expressions", [*tree.ctes[len(own) :], *own])
        return tree.sql(dialect="bigquery", pretty=True), len(tables)

    def _resolve(self, tree: Any, views: dict[str, Any], tables: set[str]) -> None:  # noqa: ANN401 - as above
        """Write full names into *tree*; collect the tables that it reads, and the views, each after those it uses."""
        exp = self._sqlglot.exp
        own = {entry.alias for entry in tree.find_all(exp.CTE)}
        qualifiers = {column.table for column in tree.find_all(exp.Column)}
        for table in [*tree.find_all(exp.Table)]:
            name = table.name
            if name in own or name in views:
                continue
            if name in self.views:
                select = self.views[name].copy()
                self._resolve(select, views, tables)
                views[name] = select
                continue
            tables.add(self.tables[name])
            for part, text in self._full_name(name).items():
                table.set(part, exp.to_identifier(text, quoted=True))
            if not table.alias and name in qualifiers:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(name)))

    def _full_name(self, name: str) -> Mapping[str, str]:
        project, dataset = self.place.rsplit(".", 1)
        return {"catalog": project, "db": dataset, "this": self.tables[name]}
