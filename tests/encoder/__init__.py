"""Measures of the search and of what is learned for it; ``make eval`` runs them."""
