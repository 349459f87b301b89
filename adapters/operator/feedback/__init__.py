"""What people thought of answers, written for a model to learn from."""
