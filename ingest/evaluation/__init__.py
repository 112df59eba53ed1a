"""The extractor held against texts that people have annotated."""
