"""Publications to applications to simple and extended families.

A *simple family* holds the applications with the same set of priorities (EPO: DOCDB simple family); a document that
claims none has its own application as its priority, so a first filing and its follow-ups are one family. An
*extended family* links simple families that share a priority, directly or through others (EPO: INPADOC family).
A family that the source states is kept as stated, and one whose members a source names is made of them; it is computed
where no source says anything.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.provenance.ledger import Loss
from patentscope.records.application_numbers import application_keys, offices_of_keys
from patentscope.records.components import Integers, Mask, numbered
from patentscope.records.family_ids import SEPARATOR, extended_ids, simple_ids, with_named
from patentscope.records.named_families import UNNAMED, named_families, without_record

#: What the ledger says of families: facts that a run's limits are read from (`Families.notes`).
UNKNOWN_MEMBERS = "publications whose family members are neither named nor fetched"
NAMED_WITHOUT_RECORD = "families with named members without a record"
NEWEST = "newest record"
_NO_KEY = -1
#: A publication number with its kind code, of an office whose publications of one application all have its number.
ONE_NUMBER = r"^((?:EP|WO)\d+)[A-Z]\d?$"


@dataclass(frozen=True)
class Families:
    """What `assign` found.

    Attributes:
        units: one row per publication, in the order given: publication_number, application_id, family_id,
            family_source (`source`, `named` or `computed`), extended_family_id; all but the first are categories.
        priorities: one row per publication and priority: `pub` (row number), `key` (the application number in one
            form, a category of those of `application_id`, null where unknown), `office`, `date`, `is_entry` (false
            where only a priority *date* is stated).
        members: the named members without a dated record, by family: `family_id`, `office` (`without_record`).
        unknown_members: of how many publications the family's members are neither named nor fetched.
        remarks: publications whose family is named in several ways.
    """

    units: pd.DataFrame
    priorities: pd.DataFrame
    members: pd.DataFrame
    unknown_members: int
    remarks: list[Loss]

    def notes(self, published: pa.ChunkedArray) -> dict[str, int | str]:
        """Return what the ledger says of these families; *published* are the publications' dates."""
        today = dt.datetime.now(tz=dt.UTC).date()
        newest = pc.max(published.filter(pc.less_equal(published, today))).as_py()
        ids, sources = (self.units[name] for name in ("family_id", "family_source"))
        return {
            "applications": int(self.units["application_id"].nunique()),
            "simple families": int(ids.nunique()),
            "extended families": int(self.units["extended_family_id"].nunique()),
            **{f"publications whose family was {how}": int((sources == how).sum()) for how in ("named", "computed")},
            UNKNOWN_MEMBERS: self.unknown_members,
            NAMED_WITHOUT_RECORD: int(self.members["family_id"].nunique()),
            NEWEST: str(newest or today),
        }


@dataclass(frozen=True)
class _Keys:
    """Application numbers as codes: their names in alphabetical order, and the code of each publication's own one.

    A publication without an application number is an application of its own, named after it; at the offices that keep
    one number for an application (EP, WO) together with the others of its number, whatever their kind.
    """

    names: pa.Array
    own: Integers
    entries: Integers


def assign(publications: pa.Table, whole: Mask | None = None) -> Families:
    """Return every publication's application, simple family and extended family, and its effective priorities.

    *whole* says of each publication whether all members of its family were fetched; of none, where it is left out.
    """
    whole = np.zeros(publications.num_rows, dtype=bool) if whole is None else whole
    listed = publications.column("priorities").combine_chunks()
    keys = _keys(publications, listed)
    priorities = _effective_priorities(publications, listed, keys)
    sets = _priority_sets(keys, priorities)
    given = publications.column("family_id").dictionary_encode().to_pandas().astype(object)
    given = given.where(given.notna(), None)
    pub = priorities["pub"].to_numpy()
    named = named_families(publications)
    codes, names = pd.factorize(simple_ids(keys.own, with_named(given, named), sets), sort=True)
    how = np.select([given.notna(), named.of_row != UNNAMED], [0, 1], 2)
    extended = extended_ids(codes, len(names), keys.own, pub, _unknown_apart(keys, priorities))
    units = pd.DataFrame(
        {
            "publication_number": publications.column("publication_number").to_pandas(),
            "application_id": _taken(keys.names, keys.own),
            "family_id": pd.Categorical.from_codes(codes, names),
            "family_source": pd.Categorical.from_codes(how, pd.Index(["source", "named", "computed"])),
            "extended_family_id": pd.Categorical.from_codes(extended, names),
        }
    )
    family = units["family_id"]
    members = without_record(publications, family, whole)
    is_known = whole | (pc.list_value_length(publications.column("family_members")).to_numpy() > 0)
    unknown = ~pd.Series(is_known).groupby(family).transform("any")
    return Families(
        units, _named(keys, priorities, publications.column("office")), members, int(unknown.sum()), named.remarks
    )


def _named(keys: _Keys, priorities: pd.DataFrame, office: pa.ChunkedArray) -> pd.DataFrame:
    """Return priorities by name; an own application is of the office that published, unless its number says another."""
    pub, code = priorities["pub"].to_numpy(), priorities["code"].to_numpy()
    stated = offices_of_keys(keys.names).take(pa.array(code, mask=code == _NO_KEY))
    is_own = pc.and_(stated.is_null(), pa.array(code == keys.own[pub]))
    return pd.DataFrame(
        {
            "pub": pub,
            "key": _taken(keys.names, code),
            "office": pc.if_else(is_own, office.combine_chunks().take(pa.array(pub)), stated).to_pandas(),
            "date": priorities["date"],
            "is_entry": priorities["is_entry"],
        }
    )


def _taken(names: pa.Array, codes: Integers) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, names.to_pandas(), validate=False)


def _keys(publications: pa.Table, listed: pa.ListArray) -> _Keys:
    """Bring all application numbers, own and claimed, into one form, and number the forms in alphabetical order."""
    stated = publications.column("application_number").combine_chunks()
    claimed = listed.flatten().field("number")
    written = pa.concat_arrays([stated, claimed.cast(stated.type)]).dictionary_encode()
    forms = application_keys(written.dictionary)
    without = forms.take(written.indices[: len(stated)]).is_null().to_numpy(zero_copy_only=False)
    numbers = publications.column("publication_number").combine_chunks().filter(pa.array(without))
    numbers = pc.replace_substring_regex(numbers, ONE_NUMBER, r"\1")
    named = pc.binary_join_element_wise("publication:", numbers, "")
    codes, names = numbered(pa.concat_arrays([forms, named]))
    place = written.indices.fill_null(_NO_KEY).to_numpy().astype(np.int64)
    code = np.where(place == _NO_KEY, _NO_KEY, codes[place] if len(forms) else _NO_KEY)
    own, entries = code[: len(stated)], code[len(stated) :]
    own[without] = codes[len(forms) :]
    return _Keys(names, own, entries)


def _effective_priorities(publications: pa.Table, listed: pa.ListArray, keys: _Keys) -> pd.DataFrame:
    """Return the priorities in force: entries as claimed, else a bare date, else the document's own application.

    An entry goes before `priority_date`. An entry without a number is a claim whose application, and so office, is
    unknown, and so is a bare priority date that is earlier than the filing date; one that equals it claims nothing.
    Where no entry of a document is dated, its priority date is theirs; else an entry without a date has none. An entry
    with neither says nothing. Columns: pub, code (of the application claimed, -1 where unknown), date, is_entry.
    """
    claimed, filed = (
        publications.column(name).to_pandas(date_as_object=False).astype("datetime64[us]")
        for name in ("priority_date", "filing_date")
    )
    dates = listed.flatten().field("date").to_pandas(date_as_object=False).astype("datetime64[us]")
    entries = pd.DataFrame(
        {
            "pub": np.repeat(np.arange(len(listed)), np.diff(listed.offsets.to_numpy())),
            "code": keys.entries,
            "date": dates,
            "is_entry": True,
        }
    )
    entries = entries[(entries["code"] != _NO_KEY) | entries["date"].notna()]
    is_dated = np.zeros(len(listed), dtype=bool)
    is_dated[entries.loc[entries["date"].notna(), "pub"]] = True
    stated = claimed.mask(is_dated).take(entries["pub"]).set_axis(entries.index)
    entries["date"] = entries["date"].fillna(stated)
    has_entry = np.zeros(len(listed), dtype=bool)
    has_entry[entries["pub"]] = True
    is_bare = (~has_entry & claimed.notna() & (filed.isna() | (claimed < filed))).to_numpy()
    rest = pd.DataFrame(
        {
            "pub": np.arange(len(listed)),
            "code": np.where(is_bare, _NO_KEY, keys.own),
            "date": claimed.where(is_bare, filed),
            "is_entry": ~is_bare,
        }
    )[~has_entry]
    in_force: pd.DataFrame = pd.concat([entries, rest], ignore_index=True)
    return in_force.sort_values(["pub", "code"], kind="stable", ignore_index=True)


def _unknown_apart(keys: _Keys, priorities: pd.DataFrame) -> Integers:
    """Return the priorities' codes, an unknown one being the application's own: nothing else can be said to share it.

    The codes of unknown ones follow those of the known, one for each application.
    """
    application = keys.own[priorities["pub"]]
    return np.where(priorities["code"] == _NO_KEY, application + len(keys.names), priorities["code"])


def _priority_sets(keys: _Keys, priorities: pd.DataFrame) -> pd.Series:
    """Return each publication's set of priorities as text, the same for all of an application's documents."""
    table = pd.DataFrame({"application": keys.own[priorities["pub"]], "key": _unknown_apart(keys, priorities)})
    # A publication that shows none (its own application) adds nothing to what a sister publication claims.
    is_own = table["key"] == table["application"]
    has_claim = np.zeros(len(keys.names), dtype=bool)
    has_claim[table.loc[~is_own, "application"]] = True
    pairs = table[~is_own | ~has_claim[table["application"]]].drop_duplicates().sort_values(["application", "key"])
    unknown = pairs["key"].to_numpy() >= len(keys.names)
    texts = keys.names.take(pa.array(pairs["key"].to_numpy() % len(keys.names)))
    texts = pc.if_else(pa.array(unknown), pc.binary_join_element_wise("unknown@", texts, ""), texts)
    starts = np.flatnonzero(np.diff(pairs["application"].to_numpy(), prepend=-1))
    lists = pa.ListArray.from_arrays(pa.array([*starts, len(pairs)], pa.int32()), texts)
    joined = pc.binary_join(lists, SEPARATOR).to_pandas().astype(object)
    joined.index = pairs["application"].to_numpy()[starts]
    by_publication: pd.Series = joined.reindex(keys.own).reset_index(drop=True)
    return by_publication
