"""The files of the library: kept on a shelf, read and drawn by a process that may die of them."""
