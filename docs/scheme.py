"""Make `patentscope/data/scheme.parquet`, the edition of the CPC scheme that ships, from the official list.

    python docs/scheme.py CPCTitleList202208.zip

The list is published with each edition by the EPO and the USPTO at cooperativepatentclassification.org (bulk data). Of
its three columns symbols and levels are kept.
"""  # noqa: INP001 - a script, no package

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from patentscope.records import title_list

SHIPPED = Path(__file__).parents[1] / "patentscope" / "data" / "scheme.parquet"


def main() -> None:
    """Read the list that the command line names, and write symbols and levels beside the other tables."""
    listed = title_list.read(Path(sys.argv[1]))
    levels = pa.array(np.maximum(listed.depths, 0), pa.int8(), mask=listed.depths < 0)
    table = pa.table({"symbol": pa.array(listed.symbols, pa.string()), "level": levels})
    pq.write_table(
        table.replace_schema_metadata({"edition": listed.edition}),
        SHIPPED,
        compression="zstd",
        compression_level=19,
        use_dictionary=False,
        column_encoding={"symbol": "DELTA_BYTE_ARRAY", "level": "PLAIN"},
    )


if __name__ == "__main__":
    main()
