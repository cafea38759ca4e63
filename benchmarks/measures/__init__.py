"""What is measured: time, memory, scaling, prefetching, whole pipelines."""
