"""Draw what the analysis found; a plot computes nothing."""
