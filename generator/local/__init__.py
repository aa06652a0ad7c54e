"""Servers on this machine, for the person who started them and nobody else.

`listening.py` opens the port and runs a server, `guard.py` decides which requests are answered.
"""
