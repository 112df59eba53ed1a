"""Speech acts: who said what to whom, in which way."""
