"""The benchmark: what Medicare would have expected the ACO's beneficiaries to cost."""
