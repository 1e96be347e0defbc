"""One offline HTML page of a run."""
