"""What somebody tries who wants in, or wants it to stop."""
