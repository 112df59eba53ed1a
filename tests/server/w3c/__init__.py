"""The W3C's test suites for SPARQL 1.1, run over HTTP against any endpoint; nothing of them is in this project."""
