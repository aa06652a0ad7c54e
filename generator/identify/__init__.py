"""identify: which type and country a query photo shows, and how similar two photos are."""
