"""Google's own client library, asked for a size, a job, and a job's rows; what it says of errors in our words.

The library is an extra and is imported only when somebody is asked. A query job gets its name before it is begun, so
that one whose answer was lost is found again, and not paid for twice.
"""

from __future__ import annotations

import concurrent.futures
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from patentscope.errors import FetchError, PatentscopeError, QuotaExceeded, Unauthorized, UsageError

_WITHOUT = (
    "Without it: `patentscope fetch QUERY --sql` prints the SQL, which Google's console runs; save the result as JSON "
    "lines and `run --input` reads it. `--offline` answers from a cache that holds the rows, `--sample` from the sample"
)
_JOB_SECONDS = 1800.0


class RowsGone(FetchError):  # noqa: N818 - a state, not a malfunction
    """Google no longer has a job or its rows; it keeps rows for about a day."""


class Google:
    """BigQuery at one endpoint (the API's address without path); on loopback without credentials."""

    def __init__(self, endpoint: str) -> None:
        """Connect to nobody yet."""
        self._endpoint = endpoint
        self._client: Any = None

    def size_of(self, sql: str) -> int:
        """Return how many bytes *sql* would read, by a dry run, which is free.

        Raises:
            UsageError: where the extra is not installed.
            Unauthorized, QuotaExceeded, FetchError: where Google refuses or can't be reached, as for all that follows.
        """
        with self._asked() as (settings, client, how):
            config = settings(dry_run=True, use_query_cache=False)
            job = client.query(sql, job_config=config, job_retry=None, **how)
            size = job.total_bytes_processed
        if size is None:
            raise FetchError("BigQuery's dry run stated no size; without it nothing is run")
        return int(size)

    def begin(self, sql: str, name: str, most_bytes: int) -> Any:  # noqa: ANN401 - the library's own type
        """Begin the job *name*; it fails, without a charge, if it would bill more than *most_bytes*."""
        with self._asked() as (settings, client, how):
            from google.api_core.exceptions import Conflict  # noqa: PLC0415 - an extra

            # At least 1: what Google takes a limit of 0 for is not said.
            config = settings(maximum_bytes_billed=max(1, most_bytes))
            try:
                return client.query(sql, job_config=config, job_id=name, job_retry=None, **how)
            except Conflict:  # it was begun, and only the answer was lost
                return client.get_job(name, **how)

    def find(self, name: str, location: str | None) -> Any:  # noqa: ANN401 - as above
        """Return the job *name*.

        Raises:
            RowsGone: where there is none, or it failed.
        """
        with self._asked() as (_, client, how):
            job = client.get_job(name, location=location, **how)
        if job.error_result:
            raise RowsGone(f"the job {name} failed")
        return job

    def rows_of(self, job: Any, first: int, size: int) -> tuple[int, Iterator[list[dict[str, Any]]]]:  # noqa: ANN401
        """Wait for *job*; return how many rows it has, and its rows from row *first* on in pages of at most *size*."""
        with self._asked() as (*_, how):
            retries = {"retry": how["retry"], "job_retry": None}
            rows = job.result(page_size=size, start_index=first or None, timeout=_JOB_SECONDS, **retries)
        return int(rows.total_rows), self._pages(rows)

    def _pages(self, rows: Any) -> Iterator[list[dict[str, Any]]]:  # noqa: ANN401 - as above
        with self._asked():
            for page in rows.pages:
                yield [dict(row.items()) for row in page]

    def close(self) -> None:
        """Close the connection, if one was opened."""
        if self._client is not None:
            self._client.close()

    @contextmanager
    def _asked(self) -> Iterator[tuple[Any, Any, dict[str, Any]]]:
        """Give a job's settings, the client and how a request is made; say in our words what goes wrong meanwhile."""
        try:
            from google.api_core.exceptions import GoogleAPIError  # noqa: PLC0415 - an extra
            from google.auth.exceptions import GoogleAuthError, TransportError  # noqa: PLC0415 - as above
            from google.cloud.bigquery import DEFAULT_RETRY, QueryJobConfig  # noqa: PLC0415 - as above
            from requests.exceptions import RequestException  # noqa: PLC0415 - comes with it
        except ImportError as error:
            raise UsageError(
                f"BigQuery needs a part that is not installed: pip install 'patentscope[bigquery]'. {_WITHOUT}"
            ) from error
        try:
            self._client = self._client or _connected(self._endpoint)
            yield QueryJobConfig, self._client, {"retry": DEFAULT_RETRY.with_timeout(120.0), "timeout": 60.0}
        except TransportError as error:
            raise FetchError(f"Google can't be reached to sign in ({_first_line(error)})") from error
        except GoogleAuthError as error:
            raise Unauthorized(
                f"BigQuery: no credentials that work ({_first_line(error)}). A Google account is enough: run `gcloud "
                "auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS to a key file, and "
                f"GOOGLE_CLOUD_PROJECT to a project's id. {_WITHOUT}"
            ) from error
        except GoogleAPIError as error:
            raise _refusal(error) from error
        except concurrent.futures.TimeoutError as error:
            raise FetchError(
                f"BigQuery's job did not end within {_JOB_SECONDS / 60:.0f} minutes. Fetch again: the same job is "
                "looked up, and not paid for twice"
            ) from error
        except RequestException as error:
            raise FetchError(f"BigQuery can't be reached ({_first_line(error)})") from error


def _connected(endpoint: str) -> Any:  # noqa: ANN401 - as above
    """Return a client with Google's own default credentials; on loopback with none."""
    import google.auth  # noqa: PLC0415 - an extra
    from google.auth.credentials import AnonymousCredentials  # noqa: PLC0415 - as above
    from google.auth.transport.requests import AuthorizedSession  # noqa: PLC0415 - as above
    from google.cloud.bigquery import Client  # noqa: PLC0415 - as above

    options = {"api_endpoint": endpoint}
    if endpoint.startswith("http:"):  # `https_only` lets it through on loopback only
        nobody = AnonymousCredentials()
        session = AuthorizedSession(nobody)
        session.trust_env = False  # a proxy of the environment is not for this machine itself
        return Client(project="local", credentials=nobody, client_options=options, _http=session)
    credentials, project = google.auth.default(scopes=Client.SCOPE)
    if not project:
        raise Unauthorized(
            "BigQuery: there are credentials, but no project to ask in. Set GOOGLE_CLOUD_PROJECT to the id of one of "
            f"your projects; one without billing will do. {_WITHOUT}"
        )
    return Client(project=project, credentials=credentials, client_options=options)


def _refusal(error: Exception) -> PatentscopeError:
    """Return what a refusal of Google's means here, by its status and its reason."""
    cause = getattr(error, "cause", None) or error  # tried again until the time was up: the last answer says why
    reasons = [entry.get("reason") for entry in getattr(cause, "errors", None) or [] if isinstance(entry, dict)]
    reason, code, said = next(iter(reasons), None), getattr(cause, "code", None), _first_line(cause)
    if reason in {"quotaExceeded", "rateLimitExceeded"}:
        return QuotaExceeded(
            f"BigQuery: {said}. Daily limits end at midnight Pacific time, the free volume with the month: go on after "
            "that; what was fetched is kept"
        )
    if reason == "bytesBilledLimitExceeded":
        return UsageError(f"BigQuery: {said}. Nothing was billed; allow more with --most-gib")
    if code in {401, 403}:
        return Unauthorized(f"BigQuery refused ({code}): {said}. {_WITHOUT}")
    if code == 404:  # noqa: PLR2004 - HTTP's number for what is not there
        return RowsGone(f"BigQuery: {said}")
    return FetchError(f"BigQuery: {said}")


def _first_line(error: object) -> str:
    """Return the beginning of what an error says; the library adds lines with the whole SQL."""
    text = str(getattr(error, "message", None) or error).strip()
    return " ".join(text.splitlines()[0].split())[:300] if text else type(error).__name__
