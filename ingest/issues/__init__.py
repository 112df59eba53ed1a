"""What an act is about: its words linked to the issue scheme."""
