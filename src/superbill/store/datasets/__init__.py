"""The datasets, one module for each publisher's family; see :mod:`superbill.store.catalog`."""
