"""Second opinions: another reader is asked about what the rules have read; it is verified word by word, and it never replaces a rule.

Off unless asked for.  An ``Opinion`` proposes people and acts with quotes; ``consult`` keeps what stands in the text, marks what it
adds with a rule and a confidence of its own, and tells where it differs.
"""

from communique.ingest.opinions.combine import consult, unheard
from communique.ingest.opinions.endpoint import Endpoint, Service, endpoint, service
from communique.ingest.opinions.proposals import Opinion, Proposals, ProposedAct, ProposedPerson
from communique.ingest.opinions.replies import Replies

__all__ = [
    "Endpoint",
    "Opinion",
    "Proposals",
    "ProposedAct",
    "ProposedPerson",
    "Replies",
    "Service",
    "consult",
    "endpoint",
    "service",
    "unheard",
]
