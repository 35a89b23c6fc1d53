"""Contracts beyond the Shared Savings Program, composed of small terms in one stated order."""
