"""A finished run, as Python and notebooks see it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentscope.aggregate.answers.entry import Entry
from patentscope.errors import UsageError
from patentscope.provenance.run_folder import RunFolder

if TYPE_CHECKING:
    import pandas as pd


class Charts:
    """A run's charts, as Altair charts that draw themselves in a notebook.

    `charts.curve("market")` is the first chart whose name begins with `curve` and holds `market`; `names` lists them.
    """

    def __init__(self, charts: Mapping[str, Any]) -> None:
        """Take in charts by name, in the order of the page."""
        self._charts = charts

    @property
    def names(self) -> list[str]:
        """Every chart's name, in the order of the page."""
        return list(self._charts)

    def __getattr__(self, kind: str) -> Callable[..., Any]:
        """Return what gives the first chart of a *kind* whose name holds the words that it is called with."""
        matching = {name: chart for name, chart in self._charts.items() if name.startswith(kind.replace("_", "-"))}
        if not matching:
            raise AttributeError(f"no chart {kind!r} in this run; it has {', '.join(self.names)}")

        def first(*words: str) -> Any:  # noqa: ANN401 - any kind of Altair chart
            chosen = [chart for name, chart in matching.items() if all(word in name for word in words)]
            if not chosen:
                raise UsageError(f"no {kind} with {' and '.join(words)}; there is {', '.join(matching)}")
            return chosen[0]

        return first


@dataclass(frozen=True)
class Run:
    """A finished run: its folder, and its results as pandas frames and plain objects."""

    folder: RunFolder

    @property
    def path(self) -> Path:
        """The run's folder."""
        return self.folder.path

    @property
    def publications(self) -> pd.DataFrame:
        """The publications, one row each (`store.SCHEMA`)."""
        from patentscope.records import store  # noqa: PLC0415 - who asks for answers needs no tables

        table: pd.DataFrame = store.read(self.folder.file("publications.parquet")).to_pandas()
        return table

    @property
    def counts(self) -> pd.DataFrame:
        """counts.csv: each question's figure, by country and year."""
        import pandas as pd  # noqa: PLC0415 - as above

        return pd.read_csv(self.folder.file("counts.csv"), keep_default_na=False)

    @property
    def curve(self) -> pd.DataFrame:
        """curve.csv: one row per claim and specification."""
        import pandas as pd  # noqa: PLC0415 - as above

        return pd.read_csv(self.folder.file("curve.csv"), keep_default_na=False, na_values={"ratio": [""]})

    @property
    def known(self) -> dict[str, Any]:
        """What became of the documents of a searcher's list, as run.json counts them; empty without such a list."""
        entry = self.folder.stage("report")
        return dict(entry["notes"].get("known", {})) if entry else {}

    @property
    def charts(self) -> Charts:
        """The charts: `run.charts.curve()`, `run.charts.trend("ownership")`, `run.charts.names`."""
        from patentscope.report.charts.all_charts import all_charts  # noqa: PLC0415 - Altair, for whoever wants charts

        return Charts(all_charts(self.folder))

    @property
    def labels(self) -> dict[str, Any]:
        """What run.json says of a reader's labels that were applied to this run; empty where there are none."""
        return dict(self.folder.state.get("labels", {}))

    @property
    def verdicts(self) -> list[Entry]:
        """The claims' entries of verdict.json."""
        return list(json.loads(self.folder.file("verdict.json").read_text(encoding="utf-8"))["claims"])

    def __repr__(self) -> str:
        """Show where the run is, and for each claim the answer, as a whole and by question."""
        lines = [f"Run in {self.path}, page {self.path / 'report.html'}"]
        for claim in self.verdicts:
            said = [*_answer(claim), *(one["line"] for one in claim["questions"])]
            lines += [f"“{claim['quote']}”", *(f"  {line}" for line in said)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Show the same in a notebook."""
        parts = [f"<p>Run in <code>{escape(str(self.path))}</code>, page <code>report.html</code></p>"]
        for claim in self.verdicts:
            chip, *said = map(escape, _answer(claim))
            lines = "".join(f"<li>{escape(one['line'])}</li>" for one in claim["questions"])
            parts += [
                f"<blockquote>{escape(claim['quote'])}</blockquote>",
                f"<p><strong>{chip}</strong></p>",
                *(f"<p>{line}</p>" for line in said),
                f"<ul>{lines}</ul>",
            ]
        return "".join(parts)


def _answer(claim: Entry) -> list[str]:
    """Return a claim's answer in words, as the page and the terminal have it; first in a few, then in full."""
    said = (claim["chip"], claim["sentence"], claim["claimed_and_counted"], claim["certainty_in_words"])
    return [line for line in (*said, claim["ways_in_words"]) if line]
