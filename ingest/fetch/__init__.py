"""Fetches official pages politely into a folder that ``communique ingest`` reads; the only place that speaks to the network as a client."""

from communique.ingest.fetch.archives import Archive, archive, with_archive
from communique.ingest.fetch.batch import Fetched, Outcome, fetch, listed
from communique.ingest.fetch.cache import Cache
from communique.ingest.fetch.client import Client, Manners
from communique.ingest.fetch.listing import Listed

__all__ = ["Archive", "Cache", "Client", "Fetched", "Listed", "Manners", "Outcome", "archive", "fetch", "listed", "with_archive"]
