"""A release: everything that a store holds, in files that other programs read, with a codebook, sums and a description to cite."""
