"""Witnesses: why a finding is true."""
