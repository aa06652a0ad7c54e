"""The built-in recogniser: its model, how it runs, and the recipe that trains it."""
