"""The words of the site: message files, the names of types, phrases, languages."""
