"""The command line: verbs to functions. The only place that prints or exits.

Results go to stdout, progress and warnings to stderr. Exit codes: 0 done (a refuted claim is a result), 1 it failed,
2 usage or query fault, 3 credentials, 130 interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from patentscope.cli.parser import parsed
from patentscope.cli.resume import failed, interrupted
from patentscope.errors import PatentscopeError

#: What DuckDB makes of Ctrl-C while it counts.
_INTERRUPTED_IN_DUCKDB = "Query interrupted"


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command and return the process's exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    # Arrow reads this when it is first imported. Its own allocator keeps a gigabyte more of a million records, and
    # takes a third longer to read them.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    # There is next to no garbage in cycles, and to look for it after every 700 objects takes a twelfth of a small run.
    gc.set_threshold(100_000)
    options = parsed(given)
    if not options.command:
        options.parser.print_help()
        return 2
    try:
        code: int = options.command(options)
        sys.stdout.flush()
    except PatentscopeError as error:
        print(f"patentscope: {failed(error, options, given)}", file=sys.stderr)
        return error.exit_code
    except (KeyboardInterrupt, RuntimeError) as error:
        if isinstance(error, RuntimeError) and str(error) != _INTERRUPTED_IN_DUCKDB:
            raise
        print(f"patentscope: {interrupted(options, given)}", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code
