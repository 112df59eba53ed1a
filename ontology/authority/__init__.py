"""The authority file: who the persons are that the readouts name, and which offices they are seen in."""
