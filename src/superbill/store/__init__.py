"""The reference store: published files imported with their provenance, sealed, read by day."""
