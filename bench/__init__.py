"""Measured promises: how close the shipped code is to what the machine can do."""
