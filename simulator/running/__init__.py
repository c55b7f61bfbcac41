"""Running many simulations on any executor: processes, a cluster, or a stream of groups."""
