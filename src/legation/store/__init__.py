"""The store: one DuckDB file with runs, articles, records, corrections and what was drawn from them."""

from legation.store.database import StoreError, StoreLocked
from legation.store.filter import Filter
from legation.store.items import Item, RunRow, item_key, item_of, run_row
from legation.store.store import Store

__all__ = ["Filter", "Item", "RunRow", "Store", "StoreError", "StoreLocked", "item_key", "item_of", "run_row"]
