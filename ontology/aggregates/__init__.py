"""Counts over all readouts as an RDF Data Cube: kept up to date with each readout, so that nobody has to count the acts anew."""

from communique.ontology.aggregates.keep import Counted, count, journal, tally_of
from communique.ontology.aggregates.structure import Cube, cubes
from communique.ontology.aggregates.tally import READS

__all__ = ["READS", "Counted", "Cube", "count", "cubes", "journal", "tally_of"]
