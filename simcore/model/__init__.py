"""The stochastic model: people, spending, benchmark, settlement."""
