"""How a question is answered, from the claim to the commit."""
