"""Questions that take several comparisons: causal attribution, lenses, structural variants, replications."""
