"""Servers on this machine, for nobody but the person who started them.

`listening.py` opens the port and runs a server, `guard.py` decides which requests are answered.
"""
