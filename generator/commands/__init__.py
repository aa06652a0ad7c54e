"""The commands, thin: parse, call, print. Each imports its room only when it runs."""
