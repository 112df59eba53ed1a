"""Why the graph says something: proofs found on demand (``search``), shown (``show``), and checked without the search (``replay``)."""
