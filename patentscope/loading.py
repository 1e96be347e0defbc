"""Publications, families and topics into the engine: the tables that every vintage reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentscope.kinds import depends_on_date, kind_of
from patentscope.offices import countries

if TYPE_CHECKING:
    import pyarrow as pa

    from patentscope.engine import Engine
    from patentscope.families import Families


def load(engine: Engine, publications: pa.Table, families: Families, topic: pd.DataFrame) -> pd.DataFrame:
    """Store the tables that every vintage reads, and return the publications' document kinds.

    Args:
        engine: where they are stored: `pub`, `prio`, `party`, `family`, `application`, `extended`.
        publications: with `store.SCHEMA`.
        families: of those publications, row by row.
        topic: one row per simple family: `family_id`, and `topic`, an integer with one bit per reading.

    Returns:
        One row per publication: document (`invention`, ...) and stage (`grant`, ...), `unknown` where no rule applies.
    """
    frame = publications.select(["office", "kind", "publication_date", "filing_date"]).to_pandas(date_as_object=False)
    units = families.units
    kinds = _kinds(frame)
    application, _ = pd.factorize(units["application_id"], sort=True)
    family, family_names = pd.factorize(units["family_id"], sort=True)
    extended, _ = pd.factorize(units["extended_family_id"], sort=True)
    bits = topic.set_index("family_id")["topic"].reindex(family_names)
    first = families.priorities.groupby("pub")["date"].min().reindex(frame.index)
    is_other = kinds["document"].isin(["design", "plant", "other"])
    is_model = kinds["document"].eq("utility_model")
    engine.put(
        "pub",
        pd.DataFrame(
            {
                "pub": frame.index.astype(np.int32),
                "number": units["publication_number"],
                "office": frame["office"],
                "application": application.astype(np.int32),
                "family": family.astype(np.int32),
                "extended": extended.astype(np.int32),
                "published": frame["publication_date"],
                "filed": frame["filing_date"],
                "claimed": first.fillna(frame["filing_date"]),
                "in_inventions": ~is_other & ~is_model,
                "in_models": ~is_other,
                "in_grants": ~is_other & ~is_model & kinds["stage"].eq("grant"),
            }
        ).astype({"published": "datetime64[us]", "filed": "datetime64[us]", "claimed": "datetime64[us]"}),
    )
    key, _ = pd.factorize(pd.concat([families.priorities["key"], units["application_id"]]), sort=True)
    count = len(families.priorities)
    engine.put("prio", families.priorities.assign(key=key[:count].astype(np.int32)).astype({"date": "datetime64[us]"}))
    engine.put("application_key", pd.DataFrame({"pub": frame.index.astype(np.int32), "key": key[count:]}))
    engine.put("topic", pd.DataFrame({"family": np.arange(len(bits), dtype=np.int32), "topic": bits.to_numpy()}))
    engine.put("family_name", pd.DataFrame({"family": np.arange(len(bits), dtype=np.int32), "name": family_names}))
    engine.put("party", _parties(publications))
    return kinds


def _kinds(frame: pd.DataFrame) -> pd.DataFrame:
    """Return each publication's document and stage by `data/kinds.csv`.

    Offices use few codes, so each pair is looked up once, and each date only where the rule depends on it.
    """
    found = np.empty((len(frame), 2), dtype=object)
    for rows in frame.groupby(["office", "kind"], dropna=False, sort=False).indices.values():
        office, kind = (code if isinstance(code, str) else None for code in frame[["office", "kind"]].iloc[rows[0]])
        if depends_on_date(office, kind):
            codes, dates = pd.factorize(frame["publication_date"].iloc[rows], use_na_sentinel=False)
            kinds = [kind_of(office, kind, None if pd.isna(date) else date.date()) for date in dates]
            found[rows] = np.array([[one.document, one.stage] for one in kinds], dtype=object)[codes]
        else:
            one = kind_of(office, kind, None)
            found[rows] = (one.document, one.stage)
    return pd.DataFrame(found, columns=["document", "stage"])


def _parties(publications: pa.Table) -> pd.DataFrame:
    """Return the parties of known country: pub, role (`applicant`, `inventor`), seq (place in the list), country."""
    allowed = countries()
    parts = []
    for role in ("applicant", "inventor"):
        column = publications.column(f"{role}s").combine_chunks()
        lengths = np.diff(column.offsets.to_numpy())
        country = column.flatten().field("country").to_pandas()
        starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
        part = pd.DataFrame(
            {
                "pub": np.repeat(np.arange(len(lengths), dtype=np.int32), lengths),
                "role": role,
                "seq": (np.arange(len(country)) - starts).astype(np.int32),
                "country": country.astype("str"),
            }
        )
        parts.append(part[country.isin(allowed).to_numpy()])
    table: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return table
