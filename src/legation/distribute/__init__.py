"""Many articles over many workers: the shard manifest, a process pool here, Ray on a cluster."""
