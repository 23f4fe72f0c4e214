"""Claims of an 837 as values, and back: read loop by loop, written as one interchange."""
