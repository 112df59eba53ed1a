"""What is wrong, or worth a look, in the data: found readout by readout and across readouts, kept as data with evidence and proof."""
