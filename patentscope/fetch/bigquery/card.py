"""What is to be known of Google Patents Public Data before it is asked."""

from __future__ import annotations

import importlib.util
import os

from patentscope.fetch.card import Card

#: Where the interface stands at its address.
PATH = "/bigquery/v2"


def _set_up() -> list[str]:
    try:
        is_installed = importlib.util.find_spec("google.cloud.bigquery") is not None
    except ModuleNotFoundError:
        is_installed = False
    named = [name for name in ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT") if os.environ.get(name)]
    missing = "pip install 'patentscope[bigquery]' is missing"
    return ["the extra is installed" if is_installed else missing, *(f"{name} is set" for name in named)]


CARD = Card(
    "bigquery",
    "all offices, CN, US, JP and AU among them, whole families; no abstracts",
    "pip install 'patentscope[bigquery]' and a Google account (gcloud auth application-default login)",
    "CC BY 4.0, Google Patents Public Data by IFI CLAIMS Patent Services and Google",
    "patentscope fetch QUERY --source bigquery says what it costs; with --most-gib GIB it is fetched",
    title="Google Patents Public Data on BigQuery",
    base=f"https://bigquery.googleapis.com{PATH}",
    set_up=_set_up,
)
