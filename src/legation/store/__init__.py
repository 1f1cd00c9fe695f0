"""The store: one DuckDB file with runs, articles, records, corrections and what was drawn from them."""
