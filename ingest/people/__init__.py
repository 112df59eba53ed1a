"""Persons, offices and states as a text names them."""
