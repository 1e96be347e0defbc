"""Tables on their way into an engine and out of it: Arrow there, pandas frames here."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

#: What pandas has for columns that nulls would make ones of floats or of objects.
_WITH_NULLS = {
    pa.int8(): pd.Int8Dtype(),
    pa.int16(): pd.Int16Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def as_arrow(table: pa.Table | pd.DataFrame) -> pa.Table:
    """Return an Arrow table, or a pandas frame without its index, as an Arrow table."""
    return table if isinstance(table, pa.Table) else pa.Table.from_pandas(table, preserve_index=False)


def as_frame(table: pa.Table) -> pd.DataFrame:
    """Return *table* as a pandas frame as DuckDB gives it: integers stay integers, dates become timestamps."""
    dates = {field.name: "datetime64[us]" for field in table.schema if pa.types.is_date(field.type)}
    frame: pd.DataFrame = table.to_pandas(date_as_object=False).astype(dates)
    for name, column in zip(table.column_names, table.columns, strict=True):
        if column.null_count and column.type in _WITH_NULLS:
            frame[name] = column.to_pandas(types_mapper=_WITH_NULLS.get)
    return frame
