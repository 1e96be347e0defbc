"""Commands as they may be typed, for each verb's help. A test runs those that need nothing of the user's own."""

from __future__ import annotations

_QUERY = "queries/rare-earth-recycling.toml"
_RUN = "rare-earth-recycling"

EXAMPLES: dict[str, tuple[str, ...]] = {
    "": (
        f"run {_QUERY} --sample",
        f'check {_RUN} "CN > US+AU+JP by 73% in 2024"',
        f"show {_RUN} --question market --country US --year 2010",
        "new heat-pumps",
    ),
    "run": (
        f"run {_QUERY} --sample",
        f"run {_QUERY} --input lens-cn.csv lens-us.csv lens-jp.csv lens-au.csv --out runs/lens",
        f"run {_QUERY} --input world.parquet --candidates --engine spark",
        f"run {_QUERY} --source ops --families",
        f"run {_QUERY} --source ops --families --offline",
    ),
    "fetch": (
        f"fetch {_QUERY} --source ops --count CN US JP AU",
        f"fetch {_QUERY} --source ops --families",
        f"fetch {_QUERY} --source surechembl",
        f"fetch {_QUERY} --sql",
    ),
    "import": (
        "import lens-cn.csv lens-us.csv --out mine.parquet",
        "import tls.zip --format patstat --out mine.parquet --json",
    ),
    "report": (f"report {_RUN}", f"report {_RUN} --charts charts"),
    "check": (
        f'check {_RUN} "CN > US+AU+JP by 73% in 2024"',
        f'check {_RUN} "JP+KR < CN in 2015..2020"',
        f'check {_RUN} "share of CN > 60% in 2024" --tolerance 0.05 --json',
    ),
    "show": (
        f"show {_RUN}",
        f"show {_RUN} --question market --country US --year 2010",
        f"show {_RUN} --country CN --json",
    ),
    "diff": (f"diff {_RUN} runs/lens", f"diff {_RUN} runs/lens --json"),
    "verify": (f"verify {_RUN}",),
    "sources": (
        "sources",
        "sources --query queries/offshore-wind-foundations.toml --reading class_strict terms",
    ),
    "label": (f"label draw {_RUN} --per-country 100 --out sheet.csv", f"label apply {_RUN} sheet.csv"),
    "label draw": (
        f"label draw {_RUN} --per-country 100 --out sheet.csv",
        f"label draw {_RUN} --per-country 50 --aim train --years 2015 2024 --out teach.csv",
    ),
    "label apply": (f"label apply {_RUN} sheet.csv",),
    "label agree": ("label agree first-reader.csv second-reader.csv",),
    "evaluate": (
        "evaluate --labelled labelled.csv --text title,abstract --label label --positive in",
        "evaluate --labelled labelled.csv --text title --label label --positive in --by language --group family --json",
    ),
    "new": ("new heat-pumps", "new heat-pumps --out heat-pumps.toml"),
    "completion": ("completion bash", "completion zsh", "completion fish"),
}


def epilog(verb: str) -> str:
    """Return what stands at the end of a verb's help; of the whole program's for an empty one."""
    return "\n".join(["examples:", *(f"  patentscope {command}" for command in EXAMPLES[verb])])
