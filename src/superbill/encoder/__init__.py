"""Words to codes: the official path of a coder as software.

The path leads from a term of the alphabetic index, step by step and through every "see" and "see
also", to a code that the tabular list then confirms; for inpatient procedures it leads through
the tables of ICD-10-PCS, character by character. Every answer carries the path that led there.
"""
