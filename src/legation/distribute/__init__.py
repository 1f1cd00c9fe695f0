"""Many articles over many workers: the shard manifest, a process pool here, Ray on a cluster."""

from legation.distribute.job import Outcome, ingest
from legation.distribute.loading import Pending, load_pending, pending_shards

__all__ = ["Outcome", "Pending", "ingest", "load_pending", "pending_shards"]
