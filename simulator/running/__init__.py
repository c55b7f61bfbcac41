"""Many runs on any executor: processes, futures, a cluster, a stream."""
