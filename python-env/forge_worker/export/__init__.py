"""Bases in, deployable files out: prepare-base, export, quantise and parity.

Each kind has a module with `run(context)`; the logic below it is plain functions that need no context.
"""
