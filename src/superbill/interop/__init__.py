"""Documents of other systems. Reading and writing them is not pricing them."""
