"""What the site says: message files, the names of types, phrases, translated editions."""
