"""The way in: bytes become documents, documents become extractions, extractions become quads."""
